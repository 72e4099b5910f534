from __future__ import annotations

from django.db import models


class Sex(models.TextChoices):
    """Census codes; an unborn child is always U."""

    MALE = "M", "Male"
    FEMALE = "F", "Female"
    UNKNOWN = "U", "Not known or not yet known"


class DatePrecision(models.TextChoices):
    EXACT = "exact", "Exact"
    ESTIMATED = "estimated", "Estimated"
    UNKNOWN = "unknown", "Unknown"


class Answer(models.TextChoices):
    """A yes-or-no answer that may be missing, keeping each kind of missing answer distinct."""

    YES = "yes", "Yes"
    NO = "no", "No"
    REFUSED = "refused", "Refused to say"
    BLANK = "blank", "Left blank"
    UNKNOWN = "unknown", "Unknown"
    NOT_ASKED = "not_asked", "Not asked"
    DOES_NOT_APPLY = "does_not_apply", "Does not apply"


MISSING_ANSWERS = frozenset({Answer.REFUSED, Answer.BLANK, Answer.UNKNOWN, Answer.NOT_ASKED, Answer.DOES_NOT_APPLY})


class PaperFormat(models.TextChoices):
    """How somebody wants what is given to them to read."""

    ORDINARY = "ordinary", "Ordinary print"
    LARGE = "large", "Large print (18 point)"
    EASY_READ = "easy_read", "Easy read"
    BRAILLE = "braille", "Braille"
    AUDIO = "audio", "Audio"
    BSL = "bsl", "British Sign Language"
    TRANSLATED = "translated", "Translated into their language"


class NameKind(models.TextChoices):
    BIRTH = "birth", "Name at birth"
    KNOWN_AS = "known_as", "Known as"
    ALIAS = "alias", "Alias"
    FORMER = "former", "Former name"


class Ethnicity(models.TextChoices):
    """Census code set."""

    WBRI = "WBRI", "White British"
    WIRI = "WIRI", "White Irish"
    WIRT = "WIRT", "Traveller of Irish heritage"
    WROM = "WROM", "Gypsy or Roma"
    WOTH = "WOTH", "Any other White background"
    MWBC = "MWBC", "White and Black Caribbean"
    MWBA = "MWBA", "White and Black African"
    MWAS = "MWAS", "White and Asian"
    MOTH = "MOTH", "Any other mixed background"
    AIND = "AIND", "Indian"
    APKN = "APKN", "Pakistani"
    ABAN = "ABAN", "Bangladeshi"
    AOTH = "AOTH", "Any other Asian background"
    BCRB = "BCRB", "Caribbean"
    BAFR = "BAFR", "African"
    BOTH = "BOTH", "Any other Black background"
    CHNE = "CHNE", "Chinese"
    OOTH = "OOTH", "Any other ethnic group"
    REFU = "REFU", "Refused"
    NOBT = "NOBT", "Not yet obtained"


class Disability(models.TextChoices):
    """Census code set; NONE stands alone."""

    NONE = "NONE", "No disability"
    MOB = "MOB", "Mobility"
    HAND = "HAND", "Hand function"
    PC = "PC", "Personal care"
    INC = "INC", "Incontinence"
    COMM = "COMM", "Communication"
    LD = "LD", "Learning"
    HEAR = "HEAR", "Hearing"
    VIS = "VIS", "Vision"
    BEH = "BEH", "Behaviour"
    CON = "CON", "Consciousness"
    AUT = "AUT", "Autism or Asperger syndrome"
    DDA = "DDA", "Other disability"


class ContactKind(models.TextChoices):
    EMAIL = "email", "E-mail"
    MOBILE = "mobile", "Mobile phone"
    PHONE = "phone", "Phone"
    POST = "post", "Post"


class PregnancyOutcome(models.TextChoices):
    EXPECTING = "expecting", "Expecting"
    LIVE_BIRTH = "live_birth", "Live birth"
    STILLBIRTH = "stillbirth", "Stillbirth"
    MISCARRIAGE = "miscarriage", "Miscarriage"
    TERMINATION = "termination", "Termination"
    NOT_PREGNANT = "not_pregnant", "Was not pregnant"
    UNKNOWN = "unknown", "Unknown"


class LossKind(models.TextChoices):
    """What happened to a person: a death, or how an unborn child's pregnancy ended. Papers never say which."""

    DIED = "died", "Died"
    STILLBIRTH = "stillbirth", "Stillbirth"
    MISCARRIAGE = "miscarriage", "Miscarriage"
    TERMINATION = "termination", "Termination"
    NOT_PREGNANT = "not_pregnant", "Was not pregnant"


class AdoptedBy(models.TextChoices):
    """Who adopts a child. Only an adoption outside the family takes the child from it, and seals by itself."""

    OTHERS = "others", "Adopters outside the family"
    FAMILY = "family", "A step-parent or a relative"


class LossQuestion(models.TextChoices):
    """What a manager is asked after a child's death."""

    SIBLINGS_SAFE = "siblings_safe", "Are the brothers and sisters safe?"
    DISCUSSION_NEEDED = "discussion_needed", "Is a strategy discussion about them needed?"
    INCIDENT_NOTIFIED = "incident_notified", "Has the serious incident been notified?"
    REVIEW_TOLD = "review_told", "Has the child death review been told?"


class RelationshipKind(models.TextChoices):
    MOTHER = "mother", "Mother"
    FATHER = "father", "Father"
    POSSIBLE_FATHER = "possible_father", "Possible father"
    PARENT = "parent", "Parent"
    STEP_PARENT = "step_parent", "Step-parent"
    PARTNER_OF_PARENT = "partner_of_parent", "Parent's partner"
    CARER = "carer", "Carer"
    FOSTER_CARER = "foster_carer", "Foster carer"
    GUARDIAN = "guardian", "Special guardian"
    GRANDPARENT = "grandparent", "Grandparent"
    AUNT_OR_UNCLE = "aunt_or_uncle", "Aunt or uncle"
    SIBLING = "sibling", "Brother or sister"
    OTHER_RELATIVE = "other_relative", "Other relative"
    FRIEND = "friend", "Family friend"


PARENT_KINDS = frozenset(
    {RelationshipKind.MOTHER, RelationshipKind.FATHER, RelationshipKind.POSSIBLE_FATHER, RelationshipKind.PARENT}
)
CARER_KINDS = frozenset(
    {
        RelationshipKind.STEP_PARENT,
        RelationshipKind.PARTNER_OF_PARENT,
        RelationshipKind.CARER,
        RelationshipKind.FOSTER_CARER,
        RelationshipKind.GUARDIAN,
    }
)


class Certainty(models.TextChoices):
    KNOWN = "known", "Known"
    UNKNOWN = "unknown", "Unknown"
    DISPUTED = "disputed", "Disputed"


class ResponsibilityStatus(models.TextChoices):
    HELD = "held", "Has parental responsibility"
    NOT_HELD = "not_held", "Does not have parental responsibility"
    UNKNOWN = "unknown", "Not known"
    DISPUTED = "disputed", "Disputed"


class ResponsibilitySource(models.TextChoices):
    BIRTH = "birth", "Giving birth"
    MARRIAGE = "marriage", "Marriage or civil partnership"
    CERTIFICATE = "certificate", "Named on the birth certificate"
    AGREEMENT = "agreement", "Agreement"
    ORDER = "order", "Court order"
    CARE_ORDER = "care_order", "Council, under a care order"
    NOT_KNOWN = "not_known", "Not known"


class RiskGround(models.TextChoices):
    VIOLENCE = "violence", "Violence or threats"
    COURT_ORDER = "court_order", "Court order"
    BAIL = "bail", "Bail condition"
    OTHER = "other", "Another contact risk"


class AgencyKind(models.TextChoices):
    SOCIAL_CARE = "social_care", "Social care"
    SCHOOL = "school", "School or college"
    EARLY_YEARS = "early_years", "Nursery or early years"
    GP = "gp", "GP"
    HEALTH_VISITING = "health_visiting", "Health visiting"
    SCHOOL_NURSING = "school_nursing", "School nursing"
    MIDWIFERY = "midwifery", "Midwifery"
    PAEDIATRICS = "paediatrics", "Paediatrics"
    MENTAL_HEALTH = "mental_health", "Mental health"
    POLICE = "police", "Police"
    PROBATION = "probation", "Probation"
    HOUSING = "housing", "Housing"
    DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse service"
    SUBSTANCE_MISUSE = "substance_misuse", "Drug and alcohol service"
    ADVOCACY = "advocacy", "Advocacy"
    LEGAL = "legal", "Legal"
    VOLUNTARY = "voluntary", "Voluntary organisation"
    OTHER = "other", "Other agency"


class AgencyGroup(models.TextChoices):
    """The groups under which people and agencies are listed."""

    FAMILY = "family", "Family"
    SOCIAL_CARE = "social_care", "Social care"
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    POLICE = "police", "Police and probation"
    OTHER = "other", "Other agencies"


GROUP_OF_AGENCY: dict[str, AgencyGroup] = {
    AgencyKind.SOCIAL_CARE: AgencyGroup.SOCIAL_CARE,
    AgencyKind.SCHOOL: AgencyGroup.EDUCATION,
    AgencyKind.EARLY_YEARS: AgencyGroup.EDUCATION,
    AgencyKind.GP: AgencyGroup.HEALTH,
    AgencyKind.HEALTH_VISITING: AgencyGroup.HEALTH,
    AgencyKind.SCHOOL_NURSING: AgencyGroup.HEALTH,
    AgencyKind.MIDWIFERY: AgencyGroup.HEALTH,
    AgencyKind.PAEDIATRICS: AgencyGroup.HEALTH,
    AgencyKind.MENTAL_HEALTH: AgencyGroup.HEALTH,
    AgencyKind.POLICE: AgencyGroup.POLICE,
    AgencyKind.PROBATION: AgencyGroup.POLICE,
}


class ReferralSource(models.TextChoices):
    """Census code set."""

    S1A = "1A", "Individual: family member, relative or carer"
    S1B = "1B", "Individual: acquaintance"
    S1C = "1C", "Individual: self"
    S1D = "1D", "Individual: other"
    S2A = "2A", "School"
    S2B = "2B", "Education service"
    S3A = "3A", "Health: GP"
    S3B = "3B", "Health: health visitor"
    S3C = "3C", "Health: school nurse"
    S3D = "3D", "Health: other primary care"
    S3E = "3E", "Health: A&E"
    S3F = "3F", "Health: other"
    S4 = "4", "Housing"
    S5A = "5A", "Council: social care"
    S5B = "5B", "Council: other department"
    S5C = "5C", "Council: another authority"
    S5D = "5D", "Council: other"
    S6 = "6", "Police"
    S7 = "7", "Other legal agency"
    S8 = "8", "Other"
    S9 = "9", "Anonymous"
    S10 = "10", "Unknown"


class PrimaryNeed(models.TextChoices):
    """Census code set."""

    N0 = "N0", "Not stated"
    N1 = "N1", "Abuse or neglect"
    N2 = "N2", "Child's disability or illness"
    N3 = "N3", "Parent's disability or illness"
    N4 = "N4", "Family in acute stress"
    N5 = "N5", "Family dysfunction"
    N6 = "N6", "Socially unacceptable behaviour"
    N7 = "N7", "Low income"
    N8 = "N8", "Absent parenting"
    N9 = "N9", "Other than children in need"


class ClosureReason(models.TextChoices):
    """Census code set."""

    RC1 = "RC1", "Adopted"
    RC2 = "RC2", "Died"
    RC3 = "RC3", "Child arrangements order"
    RC4 = "RC4", "Special guardianship order"
    RC5 = "RC5", "Moved to another council's services"
    RC6 = "RC6", "Moved to adult social care"
    RC7 = "RC7", "Services ended for another reason"
    RC8 = "RC8", "Closed after assessment, no further action"
    RC9 = "RC9", "Closed after assessment, early help"


class EnquiryOutcome(models.TextChoices):
    UNDER_WAY = "under_way", "Under way"
    CONFERENCE = "conference", "Go to conference"
    CONFERENCE_NOT_REQUIRED = "not_required", "Conference not required"


class TransferState(models.TextChoices):
    """Where the transfer of a child with another council's plan stands."""

    TOLD = "told", "Told of the move"
    ACCEPTED = "accepted", "Moved for good"
    TEMPORARY = "temporary", "Here for a time only"
    REFUSED = "refused", "Refused"
    RETURNED = "returned", "Gone back"
    CANCELLED = "cancelled", "Recorded by mistake"


LASTING_TRANSFERS = (TransferState.TOLD, TransferState.ACCEPTED)


class LegalStatusKind(models.TextChoices):
    LOOKED_AFTER = "looked_after", "Looked after"
    ACCOMMODATED = "accommodated", "Accommodated by agreement"
    INTERIM_CARE_ORDER = "interim_care_order", "Interim care order"
    CARE_ORDER = "care_order", "Care order"
    INTERIM_SUPERVISION_ORDER = "interim_supervision_order", "Interim supervision order"
    SUPERVISION_ORDER = "supervision_order", "Supervision order"
    EMERGENCY_PROTECTION = "emergency_protection", "Emergency protection order"
    POLICE_PROTECTION = "police_protection", "Police protection"
    WARDSHIP = "wardship", "Ward of court"


class MergeState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed"
    REFUSED = "refused", "Refused"
    UNDONE = "undone", "Undone"


class GlassOutcome(models.TextChoices):
    """What a service manager concluded about a case opened by break-glass."""

    JUSTIFIED = "justified", "It was needed"
    MISTAKEN = "mistaken", "A mistake in good faith"
    MISUSED = "misused", "It was not needed: taken further"


class SafetyAlertKind(models.TextChoices):
    """What anyone who visits or speaks with the household needs to know beforehand."""

    VIOLENCE = "violence", "Violence or threats to staff"
    WEAPON = "weapon", "Weapons"
    DOG = "dog", "Dangerous dog"
    NOT_ALONE = "not_alone", "Do not visit alone"
    PREMISES = "premises", "Unsafe premises"
    OTHER = "other", "Other"
