from families.forms.agencies import AgencyForm
from families.forms.cases import AllocateForm, ChangeFamilyForm, CreateFamilyForm, FamilyFilterForm, SearchForm
from families.forms.children import (
    BabyForm,
    BirthForm,
    ChildForm,
    ExpectedDateForm,
    LegalStatusForm,
    PregnancyEndForm,
    PregnancyForm,
)
from families.forms.endings import EndForm
from families.forms.people import AdultForm, ChangeAdultForm, ChangeChildForm, NameForm, PersonForm
from families.forms.risks import ContactRiskForm, EndContactRiskForm
from families.forms.ties import TieForm, TiesForm
from families.forms.whereabouts import ContactPointForm, MarkForm, ResidenceForm, RevealForm

__all__ = [
    "AdultForm",
    "AgencyForm",
    "AllocateForm",
    "BabyForm",
    "BirthForm",
    "ChangeAdultForm",
    "ChangeChildForm",
    "ChangeFamilyForm",
    "ChildForm",
    "ContactPointForm",
    "ContactRiskForm",
    "CreateFamilyForm",
    "EndContactRiskForm",
    "EndForm",
    "ExpectedDateForm",
    "FamilyFilterForm",
    "LegalStatusForm",
    "MarkForm",
    "NameForm",
    "PersonForm",
    "PregnancyEndForm",
    "PregnancyForm",
    "ResidenceForm",
    "RevealForm",
    "SearchForm",
    "TieForm",
    "TiesForm",
]
