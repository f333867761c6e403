"""Reports that follow each other, on both faces: out of turn is refused and says what comes first; one stands for several with a reason."""

import pytest

from actions.desk import Desk
from tests.chains import TOGETHER, begun, number_of, of
from tests.conftest import OFFICER
from tests.end_to_end.hands import FACES, Face, Filed, Refused

LATE = "The one who knew was away."
"""The faces' clocks differ: on the dashboard the limit has passed."""


@pytest.mark.parametrize("face", FACES)
def test_out_of_turn_is_refused_and_one_filing_stands_for_several_with_a_reason(on: tuple[Face, Desk]) -> None:
    face, desk = on
    duties = begun(desk, desk.acting_as(OFFICER), "dora")
    last = number_of(desk, duties[-1])
    with pytest.raises(Refused, match=f"{duties[0]}.* comes first and is not filed yet"):
        face.file(last, Filed())
    with pytest.raises(Refused, match="lets one filing stand for several"):
        face.file(last, Filed())
    face.file(last, Filed(late_reasons=LATE, together=TOGETHER))
    assert [of(desk, duty)[1].state for duty in duties] == ["met"] * len(duties)


@pytest.mark.parametrize("face", FACES)
def test_no_reason_helps_where_the_law_lets_none_stand_for_several(on: tuple[Face, Desk]) -> None:
    face, desk = on
    duties = begun(desk, desk.acting_as(OFFICER), "nis2")
    with pytest.raises(Refused, match="File that report first"):
        face.file(number_of(desk, duties[1]), Filed(together=TOGETHER))
    face.file(number_of(desk, duties[0]), Filed(late_reasons=LATE))
    face.file(number_of(desk, duties[1]), Filed(late_reasons=LATE))
