"""Every form that this house can fill in, by its key."""

from notices.forms.article_33 import ARTICLE_33
from notices.forms.form import Form
from notices.forms.ico import ICO

FORMS: dict[str, Form] = {form.key: form for form in (ICO, ARTICLE_33)}
