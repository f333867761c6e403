"""Runs one template: whatever goes wrong in it becomes one clear error with its file and line."""

from collections.abc import Mapping

from notices.errors import BadTemplate
from notices.sandbox import Sandbox, explained


def render(sandbox: Sandbox, template: str, path: str, values: Mapping[str, object]) -> str:
    """The text of a template filled in. `BadTemplate` shows no values, neither in its words nor in what it came from."""
    try:
        return sandbox.get_template(path).render(values)
    except BadTemplate:
        raise
    except Exception as error:  # noqa: BLE001 - a template can fail in any way; each becomes one clear error
        wrong = explained(template, error)
    raise wrong
