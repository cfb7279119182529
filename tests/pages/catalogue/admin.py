"""The administrator's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.places.commands import ClassifyPlace, OpenIntakePoint
from tests.pages.catalogue.seen import Seen

if TYPE_CHECKING:
    from tests.pages.world import World


def prepare(world: World) -> None:
    """A collection point that can be closed, and a courtyard with a class."""
    yard = world.first("places", kind="courtyard")
    point = OpenIntakePoint(channel="qr", label="东门意见箱", place=yard)
    world.do("worker", point)
    world.do("worker", ClassifyPlace(place_id=yard, label="old_estate"))
    world.people["admin_point"] = point.point_id


PAGES = (
    Seen("admin", "admin", "administrator"),
    Seen("admin-nobody", "admin", status=404),
    Seen("admin-worker", "admin", "worker", status=404),
    Seen("admin-health", "admin/health", "administrator"),
    Seen("admin-health-worker", "admin/health", "worker", status=404),
    Seen("admin-places", "admin/places", "administrator"),
    Seen("admin-lists", "admin/lists", "administrator"),
    Seen("admin-roles", "admin/roles", "administrator"),
    Seen("admin-roles-one", "admin/roles?role=auditor", "administrator"),
    Seen("admin-rights", "admin/rights", "administrator"),
    Seen("admin-policy", "admin/policy", "administrator"),
    Seen("admin-rule", "admin/policy/hours.daily_cap_minutes", "administrator"),
    Seen("admin-rule-chosen", "admin/policy/hours.gifts_to", "administrator"),
    Seen("admin-rule-unknown", "admin/policy/hours.none", "administrator", status=404),
    Seen("admin-tokens", "admin/tokens", "administrator"),
    Seen("admin-seal-key", "admin/seal-key", "administrator"),
    Seen("form-add-place", "do/add-place", "administrator"),
    Seen("form-count-households", "do/count-households", "administrator"),
    Seen("form-classify-place", "do/classify-place", "administrator"),
    Seen("form-open-point", "do/open-point", "administrator"),
    Seen("form-close-point", "do/close-point?point_id={admin_point}", "administrator"),
    Seen("form-end-duty", lambda world: f"do/end-duty?duty_id={world.first('duties', active=1)}", "administrator"),
    Seen("form-grant-role", "do/grant-role", "administrator"),
    Seen("form-revoke-role", "do/revoke-role?holder={worker}&role=community_worker", "administrator"),
    Seen("admin-items", "admin/lists/nuanxing", "administrator"),
    Seen("admin-items-unknown", "admin/lists/none", "administrator", status=404),
    Seen("form-add-item", "do/add-item?fund=fund_nuanxing", "administrator"),
    Seen("form-rename-item", "do/rename-item?fund=fund_nuanxing&item=item-1", "administrator"),
    Seen("form-end-item", "do/end-item?fund=fund_nuanxing&item=item-1", "administrator"),
    Seen("form-declare-service", "do/declare-service", "administrator"),
    Seen("form-open-group", "do/open-group", "administrator"),
    Seen(
        "form-take-down-service",
        lambda world: f"do/take-down-service?service_id={world.first('services', status='offered')}",
        "administrator",
    ),
)
