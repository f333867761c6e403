"""Every form that this house can fill in, by its key."""

from notices.forms.article_33 import ARTICLE_33
from notices.forms.form import Form
from notices.forms.ico import ICO
from notices.forms.ico_part_3 import ICO_PART_3
from notices.forms.read import forms

FORMS: dict[str, Form] = {form.key: form for form in (ICO, ICO_PART_3, ARTICLE_33, *forms())}
