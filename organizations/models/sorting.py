"""The stored key by which names are listed."""

from typing import Any

from django.db import models

from organizations.pinyin import sort_key


class PinyinField(models.CharField):  # type: ignore[type-arg]  # no values are set by hand
    """The order of ``source`` by sound, worked out whenever the row is saved or created in bulk.

    ``update()`` passes it by: who changes a name that way sets this field too.
    """

    def __init__(self, *args: Any, source: str = "name", person: bool = False, **kwargs: Any) -> None:
        self.source, self.person = source, person
        super().__init__(
            *args, **{"max_length": 300, "editable": False, "default": "", "blank": True, **kwargs}
        )

    def deconstruct(self) -> Any:
        """With what it is made from."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source, "person": self.person}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The key of the name as it is now."""
        key = sort_key(getattr(model_instance, self.source), person=self.person)
        setattr(model_instance, self.attname, key)
        return key
