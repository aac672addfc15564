"""A manager whose `get` is prepared: Django itself asks for the session and its account so, at every request."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models

from beside.querysets.placeholders import CannotPrepare
from beside.querysets.prepared import Prepared

Row = TypeVar("Row", bound=models.Model)


class PreparedGet(models.Manager[Row]):
    """The model's default manager. What can't be prepared is asked as Django asks it."""

    def get(self, *args: Any, **lookups: Any) -> Row:  # noqa: ANN401 -- as Django's
        """As Django's `get`: raises the model's `DoesNotExist` and `MultipleObjectsReturned`."""
        # The manager of a relation is of a class of its own: it has a condition more than the lookups.
        if args or not lookups or type(self) is not type(self.model._default_manager):
            return super().get(*args, **lookups)
        try:
            found = _with(self.model).every(**lookups)
        except (CannotPrepare, ValidationError):
            return super().get(**lookups)
        if len(found) == 1:
            return cast(Row, found[0])
        return super().get(**lookups)  # which says what was wrong


@lru_cache
def _with(model: type[Row]) -> Prepared[Any, Row]:
    return Prepared(lambda **lookups: model._default_manager.filter(**lookups)[:2])
