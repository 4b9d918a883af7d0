"""Document numbers: one form, one document of an issuer, also when two are in a hurry."""

import pytest
from django.utils import timezone

from directives.models import Directive
from directives.numbers import normalised_number
from directives.services import DirectiveContent, create_directive, update_directive
from foundation.errors import InvalidInput
from organizations.services import NameDirectory
from tests.atonce import press_at_once

ISSUER = "青河市人民政府"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("青政发〔2022〕5号", "青政发〔2022〕5号"),
        ("青政发[2022]5号", "青政发〔2022〕5号"),
        ("青政发［２０２２］５号", "青政发〔2022〕5号"),
        ("青政发（2022）第005号", "青政发〔2022〕5号"),
        ("青政发【2022】 5 号", "青政发〔2022〕5号"),
        (" 青 政 发 ( 2022 ) 12345号 ", "青政发〔2022〕12345号"),
        ("青政办字﹝2022﹞10号", "青政办字〔2022〕10号"),
        ("第５号", "第5号"),
        ("青政发〔2022〕0号", "青政发〔2022〕0号"),
        ("青政发\u200b〔2022〕5号", "青政发〔2022〕5号"),
        ("青\u00ad政发〔2022\u2060〕5号\ufe0f", "青政发〔2022〕5号"),
        ("\ufeff青政发\u3164〔2022〕5号\U000e0100", "青政发〔2022〕5号"),
        ("\u200d第５号", "第5号"),
        ("", ""),
    ],
)
def test_every_form_of_a_number_is_one(typed: str, number: str) -> None:
    assert normalised_number(typed) == number
    assert normalised_number(number) == number


def make(number: str, title: str = "通知", issuer: str = ISSUER) -> Directive:
    at = timezone.now()
    return create_directive(
        actor=None,
        at=at,
        content=DirectiveContent(title=title, issuer=issuer, number=number),
        publication="draft",
        directory=NameDirectory(actor=None, at=at),
    )


@pytest.mark.django_db
def test_a_taken_number_is_refused_in_any_form_and_names_its_document() -> None:
    make("青政发〔2022〕5号", "关于供热的通知")
    with pytest.raises(
        InvalidInput, match="青政发〔2022〕5号已是青河市人民政府《关于供热的通知》的文号"
    ) as refusal:
        make("青政发［２０２２］5号")
    assert "number" in refusal.value.fields
    assert Directive.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "issuer"),
    [("青政发〔2023〕5号", ISSUER), ("青政发〔2022〕5号", "白桦市人民政府"), ("", ISSUER)],
)
def test_another_year_or_issuer_has_numbers_of_its_own(number: str, issuer: str) -> None:
    make("青政发〔2022〕5号")
    make("")
    assert make(number, issuer=issuer).number == number


@pytest.mark.django_db
def test_a_draft_is_not_changed_to_a_taken_number() -> None:
    make("青政发〔2022〕5号")
    other, at = make("青政发〔2022〕6号"), timezone.now()
    with pytest.raises(InvalidInput, match="请核对后改用另一个文号"):
        update_directive(
            actor=None,
            at=at,
            directive=other,
            changes={"number": "青政发(2022)5号"},
            directory=NameDirectory(actor=None, at=at),
            reason="改号",
        )
    other.refresh_from_db()
    assert other.number == "青政发〔2022〕6号"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_give_the_number_to_one() -> None:
    refused: list[str] = []

    def give(number: str) -> None:
        try:
            make(number)
        except InvalidInput as refusal:
            refused.append(refusal.message)

    press_at_once([lambda: give("青政发〔2022〕7号"), lambda: give("青政发[2022]7号")])
    assert Directive.objects.filter(number="青政发〔2022〕7号").count() == 1
    assert len(refused) == 1 and "另一个文号" in refused[0]
