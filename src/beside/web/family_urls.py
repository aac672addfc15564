"""The addresses of a family, of reminders, and of the page that ends a pregnancy's dates."""

from __future__ import annotations

from django.urls import URLPattern, path

from beside.web.views import endings, families, family_members, reminders, timeline_entries

urlpatterns: list[URLPattern] = [
    path("you/family/", families.index, name="family"),
    path("you/family/audience/", families.audience, name="family_audience"),
    path("you/family/entries/", timeline_entries.new, name="new_timeline_entry"),
    path("you/family/entries/<uuid:entry_id>/", timeline_entries.edit, name="timeline_entry"),
    path("you/family/members/<uuid:member_id>/", family_members.show, name="family_member"),
    path("families/<uuid:member_id>/", family_members.named, name="named_in_family"),
    path("you/reminders/", reminders.index, name="reminders"),
    path("you/reminders/<uuid:reminder_id>/", reminders.show, name="reminder"),
    path("you/ended/", endings.edit, name="end_pregnancy"),
    path("you/ended/now/", endings.done, name="pregnancy_ended"),
]
