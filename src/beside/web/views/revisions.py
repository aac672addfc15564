"""How a letter stood before it was changed. Only its authors see it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beside.posts import editing, signing
from beside.posts.authorship import name_of, own
from beside.posts.text import fields_of
from beside.web import safe_html
from beside.web.http.request import Request


@require_safe
def show(request: Request, post_id: UUID) -> HttpResponse:
    """Every version that was replaced, the newest first."""
    post = own(request.account, post_id)
    signers = signing.names_in(post)
    before = [
        {
            "at": one.replaced_at,
            "by": name_of(one.editor),
            "text": fields_of(one),
            "blocks": safe_html.letter(one.words, signers=signers),
            "photographs": [
                {"description": said[0], "caption": said[1]}
                for said in one.photographs.values()
                if said[0] or said[1]
            ],
        }
        for one in editing.history(post, by=request.account)
    ]
    return render(request, "revisions/show.html", {"post": post, "before": before})
