"""Answering with a page: the template, or one of its tables as CSV when the address asks for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from regulars.web.access import doorkeeper
from regulars.web.shell import exports
from regulars.web.shell.figures import Chart, Table


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], figures: Sequence[Chart | Table] = ()
) -> HttpResponseBase:
    """Answer with the template, or with the table that ?csv= names. Lists of people take the permission to export."""
    wanted = request.GET.get("csv")
    if wanted:
        for table in (figure.table if isinstance(figure, Chart) else figure for figure in figures):
            if table.key == wanted and (not table.is_personal or doorkeeper.person(request).may("export")):
                return exports.table_csv(table)
        raise Http404(_("There is no such table on this page."))
    return render(request, template, {**context, **{_name(figure): figure for figure in figures}})


def _name(figure: Chart | Table) -> str:
    return figure.key.replace("-", "_")
