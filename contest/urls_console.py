"""Pages of the organizer's console, mounted at /quan-ly/."""

from __future__ import annotations

from django.urls import URLPattern, path

from contest.views.console import certificates, contests, paper, regrade, results, round_forms, rounds, rules, staff

CONTEST = "cuoc-thi/<slug:slug>/"
ROUND = f"{CONTEST}vong/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("", contests.home, name="console_home"),
    path("moi/", contests.new, name="console_new"),
    path("don-vi/", contests.units, name="console_units"),
    path("quan-so/", staff.head_counts, name="console_heads"),
    path("phan-quyen/", staff.staff, name="console_staff"),
    path(CONTEST, contests.contest, name="console_contest"),
    path(f"{CONTEST}sua/", contests.edit, name="console_edit"),
    path(f"{CONTEST}cong-khai/", contests.listing, name="console_listing"),
    path(f"{CONTEST}the-le/", rules.rules, name="console_rules"),
    path(f"{CONTEST}the-le/xem-truoc/", rules.preview, name="console_rules_preview"),
    path(f"{CONTEST}nguoi-du-thi/", results.exclude, name="console_exclude"),
    path(f"{CONTEST}vong/moi/", round_forms.new, name="console_round_new"),
    path(f"{CONTEST}vong/moi/kiem-tra/", round_forms.check, name="console_new_check"),
    path(ROUND, rounds.round_page, name="console_round"),
    path(f"{ROUND}sua/", round_forms.edit, name="console_round_edit"),
    path(f"{ROUND}kiem-tra/", round_forms.check, name="console_check"),
    path(f"{ROUND}de/", paper.paper, name="console_paper"),
    path(f"{ROUND}dong-bang/", rounds.freeze, name="console_freeze"),
    path(f"{ROUND}bo-dong-bang/", rounds.thaw, name="console_thaw"),
    path(f"{ROUND}cong-khai/", rounds.publish_contest, name="console_round_listing"),
    path(f"{ROUND}gia-han/", rounds.extend, name="console_extend"),
    path(f"{ROUND}ket-thuc/", rounds.end_now, name="console_end"),
    path(f"{ROUND}huy/", rounds.cancel, name="console_cancel"),
    path(f"{ROUND}chot/", rounds.close, name="console_close"),
    path(f"{ROUND}theo-doi/", rounds.watch, name="console_watch"),
    path(f"{ROUND}viec/", rounds.jobs, name="console_jobs"),
    path(f"{ROUND}ket-qua/", results.result, name="console_result"),
    path(f"{ROUND}ket-qua/tinh-lai/", results.recompute, name="console_recompute"),
    path(f"{ROUND}cong-bo/", results.publish, name="console_publish"),
    path(f"{ROUND}dap-an/", regrade.items, name="console_regrade"),
    path(f"{ROUND}dap-an/<int:position>/", regrade.item, name="console_regrade_item"),
    path(f"{ROUND}giay-chung-nhan/", certificates.certificates, name="console_certificates"),
]
