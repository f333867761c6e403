"""One notice to one person, in every shape that it comes in."""

from dataclasses import dataclass

from notices.content import Block, Shape


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Notice:
    """The words as they will be sent, printed and said. A shape that the notice does not come in is an empty text."""

    template: str
    template_sha256: str
    language: str
    reply_reference: str
    organisation: str
    sender: tuple[str, ...]
    email: str
    discreet: bool
    shapes: tuple[Shape, ...]
    subject: str
    text: str
    html: str
    call_script: str
    blocks: tuple[Block, ...]
    contents: dict[str, str]
    sha256: str

    def in_shape(self, shape: Shape) -> tuple[Block, ...]:
        """The blocks of one shape, in order; none when the notice does not come in it."""
        return tuple(block for block in self.blocks if shape in self.shapes and block.is_in(shape))

    def __repr__(self) -> str:
        return f"<Notice: {self.template}, {self.sha256[:12]}>"
