"""The tables of posts: text, authors, audiences, share links and destruction."""

from __future__ import annotations

from beside.posts.choices import Answer as Answer
from beside.posts.choices import Audience as Audience
from beside.posts.choices import Facet as Facet
from beside.posts.choices import Reason as Reason
from beside.posts.models.approval import Approval as Approval
from beside.posts.models.approval import ApprovalRequest as ApprovalRequest
from beside.posts.models.authorship import Authorship as Authorship
from beside.posts.models.authorship import CoauthorApproval as CoauthorApproval
from beside.posts.models.authorship import CoauthorInvitation as CoauthorInvitation
from beside.posts.models.destruction import Destruction as Destruction
from beside.posts.models.grant import Grant as Grant
from beside.posts.models.letter_text import LetterText as LetterText
from beside.posts.models.placed_photo import PlacedPhoto as PlacedPhoto
from beside.posts.models.post import Post as Post
from beside.posts.models.post import PostFacet as PostFacet
from beside.posts.models.removed_photo import RemovedPhoto as RemovedPhoto
from beside.posts.models.share_link import ShareLink as ShareLink
from beside.posts.models.share_link import ShareLinkApproval as ShareLinkApproval
from beside.posts.models.share_link import ShareLinkDevice as ShareLinkDevice
from beside.posts.models.share_link import ShareLinkQuerySet as ShareLinkQuerySet
from beside.posts.models.share_link import link_is_alive as link_is_alive
from beside.posts.models.suspension import is_suspended as is_suspended
from beside.posts.models.text import Addendum as Addendum
from beside.posts.models.text import Autosave as Autosave
from beside.posts.models.text import Revision as Revision
