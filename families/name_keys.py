"""Phonetic keys for names, as the database stores and indexes them.

The rules are defined once, in a database function. Indexes over it key every row that is written, by raw SQL too,
and a search calls the same function for the keys of what was typed. Two names sound alike if they share a key;
docs/names.md says how well that works.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, TextField

# Left out before names are compared: accents, soft hyphens, and what is not seen.
UNSEEN = (
    "\u0300-\u036f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff"
)
QUOTES = "'\u2019\u2018\u02bc`\u00b4"

# Names whose sound English spelling doesn't show, or that are spelled in very different ways.
SPOKEN = {
    "shon": ("sean", "shaun", "shawn", "shaughn"),
    "shefon": ("siobhan", "chevonne", "shevaun"),
    "nef": ("niamh", "neve", "neave"),
    "kefa": ("caoimhe", "keeva", "keva", "kweeva"),
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
    "patrick": ("padraig", "padraic", "patrik"),
    "teag": ("tadhg", "tadgh", "teague", "teigue"),
    "brijid": ("brigid", "brighid", "brid", "breed"),
    "sorka": ("sorcha", "surraha"),
    "maeve": ("medb", "meadhbh"),
    "orla": ("orlaith", "orlagh", "orlaidh"),
    "evan": ("ieuan", "ifan", "iefan"),
    "evans": ("ifans", "ieuans"),
    "vaughan": ("fychan", "vychan"),
    "hywel": ("howell", "howel", "hywell"),
    "gruffith": ("gruffydd", "griffith", "griffiths"),
    "peter": ("piotr", "pyotr"),
    "andrey": ("andrzej", "andrzei"),
    "stanislav": ("stanislaus",),
    "hadviga": ("jadwiga", "yadviga", "hedwiga", "hedwig"),
}

# Letters that are read in two ways, as a pattern and its other reading: Polish w, j, sz and rz, gh and dh that are
# silent or not, ch as in loch and in Doherty, bh and mh in Irish and in Bhatti, a last d or th, Welsh c, an r before
# a consonant.
OTHER_READINGS = (
    ("w", "v"),
    ("j", "y"),
    ("sz", "sh"),
    ("rz", "z"),
    ("rz", "r"),
    ("(.)gh", r"\1g"),
    ("(.)[ck]h", r"\1"),
    ("(.)[bm]h", r"\1v"),
    ("(.)dh", r"\1"),
    ("(.)(dd|d|th)$", r"\1t"),
    ("^c(?=[eiy])", "k"),
    ("^i(?=[aeou])", "y"),
    ("([aeiouy])r(?=[^aeiouyr]|$)", r"\1"),
)


def _spoken() -> str:
    whens = " ".join(
        "WHEN w IN ({}) THEN '{}'".format(", ".join(f"'{name}'" for name in names), said)
        for said, names in SPOKEN.items()
    )
    return f"CASE {whens} ELSE w END"


def _readings() -> str:
    return ", ".join(f"['{pattern}', '{reading}']" for pattern, reading in OTHER_READINGS)


# Designed for names heard on the telephone and written by someone who speaks another language: vowels after the
# first don't count; C and K, PH and F, S, Z and SH, V and F are the same. Each other reading of a word gives more
# keys. Short names keep the kind of their first vowel, or John would be Jane. Adjacent words are also keyed as one.
NAME_KEYS_SQL = r"""
CREATE OR REPLACE FUNCTION families_name_keys(said text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    other_readings CONSTANT text[] := ARRAY[%(readings)s];
    single text[];
    words text[];
    readings text[];
    keys text[] := '{}';
    w text;
    first text;
    vowels text;
    k text;
BEGIN
    said := lower(regexp_replace(normalize(said, NFKD), '[%(unseen)s]', '', 'g'));
    said := replace(replace(replace(translate(said, 'øłđðı', 'olddi'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss');
    -- What stands after "O'" is a name of its own: O'Neill is entered as Neill too.
    said := said || ' ' || coalesce((
        SELECT string_agg(m[1], ' ') FROM regexp_matches(said, '\m[od][%(quotes)s]\s?(\w\w+)', 'g') AS m), '');
    said := regexp_replace(said, '[%(quotes)s]', '', 'g');
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
        -- A name is short: what is longer than any name is not worth its many readings.
        w := left(w, 40);
        k := %(spoken)s;
        readings := CASE WHEN k = w THEN ARRAY[w] ELSE ARRAY[w, k] END;
        FOR i IN 1 .. array_length(other_readings, 1) LOOP
            -- No name has as many: what was made up to have them is read as far as here.
            EXIT WHEN cardinality(readings) > 64;
            CONTINUE WHEN w !~ other_readings[i][1] AND k !~ other_readings[i][1];
            readings := array(
                SELECT DISTINCT x FROM (
                    SELECT unnest(readings) AS x
                    UNION ALL
                    SELECT regexp_replace(x, other_readings[i][1], other_readings[i][2], 'g')
                    FROM unnest(readings) AS x
                ) AS read);
        END LOOP;
        FOREACH w IN ARRAY readings LOOP
            CASE left(w, 2)
                WHEN 'kn', 'gn', 'pn', 'wr', 'ps' THEN w := substr(w, 2);
                WHEN 'xa', 'xe', 'xi', 'xo', 'xu' THEN w := 's' || substr(w, 2);
                ELSE
                    IF left(w, 3) = 'isl' THEN
                        w := 'il' || substr(w, 4);
                    ELSIF w ~ '^y[^aeiou]' THEN
                        w := 'i' || substr(w, 2);
                    ELSIF w ~ '^ma?c[gk]' THEN
                        w := 'ma' || substring(w FROM '[gk].*');
                    END IF;
            END CASE;
            w := replace(replace(replace(replace(w, 'x', 'ks'), 'tch', 'ch'), 'cz', 'ch'), 'ph', 'f');
            w := replace(regexp_replace(w, 'n[gh]h?$', 'ng'), 'ngh', 'ng');
            w := left(w, 1) || replace(substr(w, 2), 'gh', '');
            w := replace(replace(replace(replace(w, 'chr', 'kr'), 'chl', 'kl'), 'ch', 'C'), 'sh', 's');
            w := regexp_replace(replace(w, 'gde', 'dge'), 'dg(?=[eiy]|$)', 'j', 'g');
            w := regexp_replace(w, 'g(?=[eiy])', 'G', 'g');
            w := regexp_replace(w, 'c(?=[eiy])', 's', 'g');
            w := replace(replace(translate(w, 'cqvz', 'kkfs'), 'dt', 't'), 'mps', 'ms');
            w := replace(regexp_replace(w, 'n(?=[bpm])', 'm', 'g'), 'mpt', 'mt');
            w := replace(replace(w, 'mbl', 'ml'), 'mbr', 'br');
            w := regexp_replace(w, 'mb$', 'm');
            vowels := substring(ltrim(w, 'y') FROM '[aeiouy]+w?');
            first := left(w, 1);
            w := regexp_replace(first || translate(substr(w, 2), 'hw', ''), '(.)\1+', '\1', 'g');
            w := CASE WHEN first ~ '[aeiou]' THEN 'a' ELSE first END || translate(substr(w, 2), 'aeiouy', '');
            -- CH, and G before E, I or Y, are pronounced in two ways.
            FOREACH k IN ARRAY ARRAY[translate(w, 'CG', 'sj'), translate(w, 'CG', 'kg')] LOOP
                k := regexp_replace(k, '(.)\1+', '\1', 'g');
                IF length(k) > 2 OR left(k, 1) = 'a' THEN
                    keys := keys || k;
                ELSIF vowels ~ '^[ae][iy]$' THEN
                    keys := keys || (k || '-a') || (k || '-e');
                ELSE
                    keys := keys || (k || CASE WHEN vowels ~ '^(a[uw]|e[uw]|o|u)' THEN '-o'
                                               WHEN left(vowels, 1) = 'a' THEN '-a'
                                               ELSE '-e' END);
                END IF;
            END LOOP;
        END LOOP;
    END LOOP;
    RETURN array(SELECT DISTINCT x FROM unnest(keys) AS x ORDER BY x);
END
$$;
"""
for _mark, _text in {
    "readings": _readings(),
    "unseen": UNSEEN,
    "quotes": QUOTES.replace("'", "''"),
    "spoken": _spoken(),
}.items():
    NAME_KEYS_SQL = NAME_KEYS_SQL.replace(f"%({_mark})s", _text)

DROP_NAME_KEYS_SQL = "DROP FUNCTION IF EXISTS families_name_keys(text);"


class NameKeys(Func):
    """The keys of a name's words, and of each adjacent pair taken as one word."""

    function = "families_name_keys"
    # CONCAT isn't allowed in an index.
    arg_joiner = " || ' ' || "
    output_field = ArrayField(TextField())


# Exactly the indexed expressions: any other would read every row.
PERSON_KEYS = NameKeys(F("given_name"), F("family_name"), F("unnamed_as"))
OTHER_NAME_KEYS = NameKeys(F("given_name"), F("family_name"))
FAMILY_KEYS = NameKeys(F("name"))


def keys_of(names: Sequence[str]) -> list[list[str]]:
    """Return the keys of each name, computed by the database in one query."""
    if not names:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT families_name_keys(name) FROM unnest(%s::text[]) WITH ORDINALITY AS t(name, place) ORDER BY place",
            [list(names)],
        )
        return [row[0] for row in cursor.fetchall()]
