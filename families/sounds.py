"""House keys for addresses, as the database indexes them, and the name keys of the release before.

Names are searched by ``families.name_keys``. The first migration needs what stands here, and code of the release
before still asks for it while it is replaced.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, TextField

# Ignored when comparing: people type "Zoe" and "Oneill" and mean "Zoë" and "O’Neill".
IGNORED = "\u0300-\u036f'\u2019\u2018\u02bc`\u00b4"

# Names whose sound English spelling doesn't show, or that are spelled in very different ways.
SPOKEN = {
    "shon": ("sean", "shaun", "shawn", "shaughn"),
    "shefon": ("siobhan", "chevonne", "shevaun"),
    "nef": ("niamh", "neve", "neave"),
    "kefa": ("caoimhe", "keeva", "keva"),
    "sersha": ("saoirse", "searlait"),
    "efa": ("aoife", "eefa", "ava", "eva", "eve"),
    "owen": ("eoin", "eoghan", "euan", "ewan", "owain"),
    "shinade": ("sinead", "shinead"),
    "keera": ("ciara", "keira", "kiera", "kira"),
    "keeran": ("ciaran", "kieran", "kieron", "ceiran"),
    "ashling": ("aisling", "aislinn", "ashlin"),
    "rosheen": ("roisin",),
    "kathleen": ("caitlin", "katelyn", "kaitlyn", "kaitlin", "cathleen"),
    "rees": ("rhys", "reece", "reese"),
    "lois": ("louis", "lewis", "luis"),
    "shan": ("sian", "sharn"),
    "meria": ("maria", "mariah", "moriah"),
    "zak": ("zack", "zach", "zac"),
}


def _spoken() -> str:
    whens = " ".join(
        "WHEN w IN ({}) THEN '{}'".format(", ".join(f"'{name}'" for name in names), said)
        for said, names in SPOKEN.items()
    )
    return f"CASE {whens} ELSE w END"


# Designed for names heard on the telephone: vowels after the first don't count; C and K, PH and F, S and Z are the
# same; silent letters go. Short names keep the kind of their first vowel, or John would be Jane. CH, and G before E,
# I or Y, can be pronounced in two ways and give two keys. Adjacent words are also keyed as one.
SOUNDS_SQL = r"""
CREATE OR REPLACE FUNCTION families_sounds(said text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    single text[];
    words text[];
    keys text[] := '{}';
    w text;
    first text;
    tail text;
    vowels text;
    k text;
BEGIN
    said := lower(regexp_replace(normalize(said, NFD), '[%(ignored)s]', '', 'g'));
    said := replace(replace(replace(translate(said, 'øłđðı', 'olddi'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss');
    single := array(SELECT x FROM unnest(regexp_split_to_array(said, '[^[:alnum:]]+')) WITH ORDINALITY AS t(x, n)
                    WHERE x <> '' ORDER BY n);
    words := single;
    FOR i IN 2 .. cardinality(single) LOOP
        words := words || (single[i - 1] || single[i]);
    END LOOP;
    FOREACH w IN ARRAY words LOOP
        IF length(w) < 2 THEN
            CONTINUE;
        END IF;
        IF w ~ '[^a-z]' THEN
            keys := keys || ('=' || w);
            CONTINUE;
        END IF;
        w := %(spoken)s;
        CASE left(w, 2)
            WHEN 'kn', 'gn', 'pn', 'wr', 'ps' THEN w := substr(w, 2);
            WHEN 'xa', 'xe', 'xi', 'xo', 'xu' THEN w := 's' || substr(w, 2);
            ELSE
                IF left(w, 3) = 'isl' THEN
                    w := 'il' || substr(w, 4);
                ELSIF w ~ '^y[^aeiou]' THEN
                    w := 'i' || substr(w, 2);
                END IF;
        END CASE;
        w := replace(replace(replace(replace(w, 'x', 'ks'), 'tch', 'ch'), 'ph', 'f'), 'ngh', 'ng');
        w := left(w, 1) || replace(substr(w, 2), 'gh', '');
        w := replace(replace(replace(replace(w, 'chr', 'kr'), 'chl', 'kl'), 'ch', 'C'), 'sh', 'x');
        w := regexp_replace(regexp_replace(w, 'dg(?=[eiy])', 'j', 'g'), 'g(?=[eiy])', 'G', 'g');
        w := regexp_replace(w, 'c(?=[eiy])', 's', 'g');
        w := replace(replace(translate(w, 'cqvz', 'kkfs'), 'dt', 't'), 'mps', 'ms');
        w := replace(replace(w, 'mpt', 'mt'), 'mbl', 'ml');
        w := regexp_replace(w, 'mb$', 'm');
        vowels := substring(w FROM '[aeiouy]+w?');
        first := left(w, 1);
        tail := translate(substr(w, 2), 'hw', '');
        w := regexp_replace(first || tail, '(.)\1+', '\1', 'g');
        IF first ~ '[aeiou]' THEN
            w := 'a' || translate(substr(w, 2), 'aeiouy', '');
        ELSE
            w := left(w, 1) || translate(substr(w, 2), 'aeiouy', '');
            IF length(w) <= 2 THEN
                w := w || CASE WHEN vowels ~ '^(a[uw]|e[uw]|o|u)' THEN '-o'
                               WHEN left(vowels, 1) = 'a' THEN '-a'
                               ELSE '-e' END;
            END IF;
        END IF;
        k := replace(translate(w, 'CG', 'xj'), 'sx', 'x');
        keys := keys || k;
        IF w ~ '[CG]' THEN
            keys := keys || translate(w, 'CG', 'kg');
        END IF;
    END LOOP;
    RETURN array(SELECT DISTINCT x FROM unnest(keys) AS x);
END
$$;
"""
SOUNDS_SQL = SOUNDS_SQL.replace("%(ignored)s", IGNORED.replace("'", "''")).replace("%(spoken)s", _spoken())

# "Flat 2, 14 Hazel Rd" and "14 Hazel Road, Eastmere" are the same house: its number and the first word of the street.
# A house without a number is keyed by its first two words.
ADDRESS_KEY_SQL = r"""
CREATE OR REPLACE FUNCTION families_address_key(said text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    found text[];
BEGIN
    said := lower(regexp_replace(normalize(said, NFD), '[%(ignored)s]', '', 'g'));
    found := regexp_match(said, '(\d+ ?[a-z]?)[\s,]+(?:the )?([a-z]{2,})');
    IF found IS NULL THEN
        found := regexp_match(said, '([a-z]+)[\s,]+([a-z]+)');
    END IF;
    RETURN CASE WHEN found IS NULL THEN '' ELSE replace(found[1], ' ', '') || ' ' || found[2] END;
END
$$;
"""
ADDRESS_KEY_SQL = ADDRESS_KEY_SQL.replace("%(ignored)s", IGNORED.replace("'", "''"))

DROP_SQL = "DROP FUNCTION IF EXISTS families_sounds(text); DROP FUNCTION IF EXISTS families_address_key(text);"


class Sounds(Func):
    """The keys of a name's words, and of each adjacent pair taken as one word."""

    function = "families_sounds"
    # CONCAT isn't allowed in an index.
    arg_joiner = " || ' ' || "
    output_field = ArrayField(TextField())


class AddressKey(Func):
    """The house key of an address: its number and the first word of the street."""

    function = "families_address_key"
    output_field = TextField()


# Exactly the indexed expressions: any other would read every row.
PERSON_SOUNDS = Sounds(F("given_name"), F("family_name"), F("unnamed_as"))
OTHER_NAME_SOUNDS = Sounds(F("given_name"), F("family_name"))
ADDRESS_KEY = AddressKey(F("lines"))


def address_key_of(said: str) -> str:
    """Return the house key of an address, computed by the database in one query; empty where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT families_address_key(%s)", [said])
        return str(cursor.fetchone()[0])
