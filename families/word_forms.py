"""How people write addresses, agencies and names: the short forms, the titles, and names that are plain words."""

from __future__ import annotations

from collections.abc import Iterator

# Each line holds the forms of one word.
_FORMS = """
academy acad
and n
apartment apt
apartments apts
avenue ave av aven avn
bridge br brg
broadway bdwy bway
building bldg
buildings bldgs
catholic cath rc
centre center ctr cntr cen
church ch
close cl clo cls
college coll col
common com cmn
community comm cmty
cottage cott cot
cottages cotts cotgs
court ct crt
crescent cres cresc cr crst
drive dr drv dri
east e
estate est
farm fm frm
field fld
fields flds
first 1st
gardens gdns gdn garden gard grdns gds
grange gra
great gt grt
green grn gn
grove gr grv gro
heights hts hgts
hill hl
hills hls
hospital hosp
house hse ho
infant inf
infants inf
junior jnr jr
lane ln la
little lt ltl
lower lwr
mansions mans mns
meadow mdw
meadows mdws
medical med
mews mws
mount mt
north n
nursery nurs nsy
orchard orch
parade pde par
park pk prk
passage psge pass
place pl plc
practice prac pract
primary prim pri pry
quay qy
road rd
saint st
school sch schl
second 2nd
secondary sec
south s
square sq sqr
station stn sta
street st str strt
surgery surg sgy
terrace ter terr tce trc
third 3rd
upper upr
valley vly
view vw
villa vla
villas vlls
walk wk wlk
way wy
west w
wharf whf
yard yd
"""
ALL_FORMS: dict[str, tuple[str, ...]] = {}
for _line in _FORMS.strip().splitlines():
    for _form in _line.split():
        known = ALL_FORMS.get(_form, ())
        ALL_FORMS[_form] = (_form, *dict.fromkeys(one for one in (*known, *_line.split()) if one != _form))

# Words dropped from a name that still identifies the place: "Meadow Lane" for Meadow Lane Primary School.
_KINDS_OF_PLACE = """
    academy c care catholic ce center centre children childrens church clinic college community department dept e
    families family first general gp group health high hospital house hub infant infants infirmary junior juniors
    lower medical middle midwifery nursery nursing of practice preschool primary project rc refuge school secondary
    service services social support surgery team the trust unit upper visiting work
"""
KINDS_OF_PLACE = frozenset(_KINDS_OF_PLACE.split())
# What a part of an address may be without telling where it is.
_SAYS_NOTHING = """
    apartment block britain england flat floor gb great ground ireland kingdom northern rear room scotland uk united
    wales
"""
SAYS_NOTHING = KINDS_OF_PLACE | frozenset(_SAYS_NOTHING.split())
TITLES = ("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr")
# Written before a last name, an initial or a first name; those of relatives and ranks never before an initial alone.
_BEFORE_A_NAME = """
    aunt auntie aunty br brother canon cllr coach constable councillor dame dc detective di doctor dr ds father fr
    headteacher imam inspector lady lord madam matron midwife miss mister mme mr mrs ms mx nurse officer pastor pc
    prof professor rabbi rev revd reverend sergeant sgt sir sister sr teacher uncle
"""
BEFORE_A_NAME = frozenset(_BEFORE_A_NAME.split())
_BEFORE_AN_INITIAL = """
    dr matron miss mr mrs ms mx nurse prof professor rev sister
"""
BEFORE_AN_INITIAL = frozenset(_BEFORE_AN_INITIAL.split())
# Ends of streets that are nobody's last name.
_ENDS_OF_STREETS = "road street avenue close crescent drive gardens terrace way square mews view walk rise steps lane"
ENDS_OF_STREETS = frozenset(_ENDS_OF_STREETS.split())
# First names and last names that are plain words too: they count with a capital only.
_PLAIN_WORDS = """
    abbey able academy achieve acorn acorns action actions active advice al alder all amber ambrose amity an anchor
    ancient and angel ann any april are as ash ask aspen aspire aster at aurora autumn babies baby baker bakery
    balance banks bard barley barn barns baron barrow bay be beach bean bear beck bee bees begin beginning
    beginnings believe bell benson berry best big bill birch bird bishop black blair blaze blossom blue bond book
    booker booth bounty bow bowl box boy boys brand brave breeze brewery briar bridge bridges bright brook brother
    brown buck bud bull burn bush busy but butler butter by calm camp can card care caring carpenter carter case
    cash castle cat cathedral central chance change changes changing chapel chase cherry child childhood chip choice
    choices christian church circle clay clear clement cliff cloister cloisters close cloud clover club coal cobb
    coin cole college comb connect connection connections constant cook cooper coral corner cottage cottages cotton
    court crane create creative crescent cross crossing crossings crossroads crow crown curry daisy dale dawn day
    deacon dean dear deep dell destiny die discovery do dove downs dream drew drive drum duck duke earl early east
    easter eastern ebony ed eden education elder elm ember ever excel faith fall falls families family farm farmer
    farmhouse farms father fawn fell fern few field finch finn fish fisher flint flora flower foot for ford forest
    forge fort forward foster foundation foundations fountain fox frank free freedom freeman friend friends frost
    future futures gale gallery garden gardener gardens gate gay gem general gentle ginger girl girls given glass
    glen glory gold golden good goose grace grand grange grant grave gray great green grey grove guest gull gunner
    guy had hale hall halls hand hands handy happy harbour hardy harmony harper harvest has hatch haven hawk hay
    hazel he head heart heath heather heaven heights help helping her herb heron hidden high higher hill hills
    hillside him hire his holiday holly home honey honour hood hope horizon horizons horn horse hospital hound house
    how hunt hunter ice if imagine in infant inner inspire iris iron is it its ivory ivy jack jade jasmine jasper
    jay jet jewel jolly jordan joy judge junction junior juniper just kay keen key keys kid kids kind king knight
    knot lake lakes lamb lance land lane lantern lark laurel lavender law leaf learning lee less liberty library
    life light lighthouse lily lime lin linden link links lion little lives living local lodge loft long lord lounge
    love low lower lucky mace major mann manor mansion maple march mark market markets marsh marshes mason may me
    mead meadow meadows meeting melody men mercy mere merry mews middle mill miller mills mind minster mint mission
    missions mode modern moon moor moore moors more moss mother mount much muse museum my national neighbour
    neighbours nest nests new nice nightingale no noble north northern not now number nurse nut oak oaks oaktree
    ocean of old older olive on one opal open option options or orchard orchards our out outer outreach over page
    pain palace palm pansy parent parents parish park parker parkside parson pasture pastures pat pathway pathways
    patience pavilion peace peach pearl penny people pepper peter piece pike pine pink place plan plant playing
    pleasant plum police polly pond ponds pool poppy port porter post potter power practice present price pride
    priest primary prime primrose prince priory proctor prudence quay queen quiet rain rainbow rainbows raven ray
    reach read reason rectory reed reeve regan rest rich ridge ring rise risk risks river rivers riverside road
    robin rock roll rook rose rosemary round row rowan royal ruby rue rush rye safe sage saint salt sand sandy
    savage sawyer say sea seal seaside secret see service services sexton shade sharp shaw she shell shepherd shore
    short silver singer sister sky sloan sloe small smart smith smithy snow so society sole song south southern
    sparrow special specialist spencer spring springs spruce square stable stables star stark stars start station
    steel stem step steps stern still stock stone storm stout streams street strong sue summer summit sun sunny
    sunrise sunset sunshine support swan sweet swift sylvan tab tailor tall tan tanner taylor teaching teal temple
    terrace the theatre thorn thorne tide tiger tilly tim timber tiny to together toll tom too topper tots tower
    towers town travis treasure tree trees triangle trinity trip true trust turner two unity up upper us vale valley
    valour van venture ventures vera verity vicarage victor view villa village vine viola violet virtue visit
    visitor visitors visits wade wake walk walker wall war ward warden was water waters way we weaver webb week
    welcome well wells were west western wheel wheeler whit white who why wide wild will willow win winter wise wish
    wolf woman women wood woodland woodlands woods world worth wren wright yard yarrow year years york you young
"""
PLAIN_WORDS = frozenset(_PLAIN_WORDS.split())
# Of these, the words of every day: a child who bears one is meant only where it has a capital.
_EVERYDAY_WORDS = """
    able all am an and any art as at be bill but by can chance chase day dear die do early easy ever faith fall few
    for frank free gene gift good grant great guy had happy has he help her him his home honour hope how if in is it
    its joy just kind less life live long lord love low lucky man mark may me most my new nice no noble nor not now of
    old on one only open or other our out over page park pat patience peace per piece place plan play please point
    power praise present price pride prince promise rain ray reason rest rich ride right rise rob safe say see set
    shade she sky small so some son song special star stay still stop storey story success such sue sun sunny sure
    than that the them then there they this time to too trip true trust try two up us van very visit wade was way we
    well were who why will win wisdom wise wish with woman work worth year yes you young
"""
EVERYDAY_WORDS = frozenset(_EVERYDAY_WORDS.split())
# Short forms and short words in capitals, which are nobody's initials.
_SHORT_WORDS = """
    AE AM AN AS AT BC BE BP BSL BST BY CC CD CE CIN CP CPR CPS CT CV DC DIY DJ DNA DO DR DS DV DVD ECG ED EHC
    EMD EP ER EU FGM FII GCSE GMT GO GP HE HIV HQ HR HT HV ICU ID IF IN IQ IRO IS IT IV IVF JP LA LAC LO MASH ME
    MP MR MRI MS MSN MY NAI NHS NI NO NS OF OH OK ON OR OT PA PC PCC PE PHD PM PR PRU PS PTA QC RC RE RSE SEN
    SGO SI SMS SO SS ST SW TO TV UC UK UP US USA UTI VAT VIP VPN WC WE
"""
SHORT_WORDS = frozenset(_SHORT_WORDS.split())
# Written together with a last name.
RUN_TOGETHER = ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sister", "nurse", "doctor")
# Behind whose mailboxes there are many places.
_SITES_OF_MANY = """
    aol.com btinternet.com doctors.org.uk gmail.com googlemail.com hotmail.co.uk hotmail.com icloud.com live.co.uk
    live.com me.com msn.com nhs.net nhs.uk outlook.com police.uk proton.me protonmail.com sky.com talktalk.net
    virginmedia.com yahoo.co.uk yahoo.com
"""
SITES_OF_MANY = frozenset(_SITES_OF_MANY.split())


def spellings(token: str) -> Iterator[str]:
    """Yield a word as it stands, then its other forms, both ways: "Road" and "Rd"."""
    yield from ALL_FORMS.get(token, (token,))
