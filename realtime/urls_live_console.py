"""The host's pages of live events, below /quan-ly/su-kien/."""

from __future__ import annotations

from django.urls import path

from realtime.views import live_console as console
from realtime.views import live_console_desk as desk
from realtime.views import live_console_grants as grants
from realtime.views import live_console_people as people
from realtime.views import live_console_questions as questions
from realtime.views import live_console_report as report
from realtime.views import live_console_rules as rules

EVENT = "<str:public_id>/"

urlpatterns = [
    path("", console.events, name="live_events"),
    path("moi/", console.new, name="live_new"),
    path("don-vi/", console.units, name="live_units"),
    path(EVENT, console.event, name="live_event"),
    path(f"{EVENT}ten/", console.rename, name="live_rename"),
    path(f"{EVENT}mo-phong/", console.open_event, name="live_open"),
    path(f"{EVENT}ban-sao/", console.copy, name="live_copy"),
    path(f"{EVENT}xoa/", console.delete, name="live_delete"),
    path(f"{EVENT}tap-duot/", console.rehearsal, name="live_rehearse"),
    path(f"{EVENT}cau-hoi/", questions.questions, name="live_questions"),
    path(f"{EVENT}cau-hoi/lam-giup/", questions.make, name="live_make"),
    path(f"{EVENT}cau-hoi/vong-thi/", questions.take_round, name="live_take_round"),
    path(f"{EVENT}cau-hoi/chon/", questions.pick, name="live_pick"),
    path(f"{EVENT}cau-hoi/co-cau/", questions.blueprint, name="live_blueprint"),
    path(f"{EVENT}cau-hoi/soan/", questions.quick, name="live_quick"),
    path(f"{EVENT}cau-hoi/thu-tu/", questions.order, name="live_order"),
    path(f"{EVENT}cau-hoi/<int:item_id>/", questions.item, name="live_item"),
    path(f"{EVENT}xem-thu/", questions.preview, name="live_preview"),
    path(f"{EVENT}the-le/", rules.rules, name="live_rules"),
    path(f"{EVENT}the-le/xem/", rules.preview, name="live_rules_preview"),
    path(f"{EVENT}nguoi/", people.people, name="live_people"),
    path(f"{EVENT}quyen/", grants.grants, name="live_grants"),
    path(f"{EVENT}quyen/nhan/", grants.take_part, name="live_take_part"),
    path(f"{EVENT}quyen/<int:grant_id>/thu-hoi/", grants.take_back, name="live_take_back"),
    path(f"{EVENT}dieu-khien/", desk.live_desk, name="live_desk"),
    path(f"{EVENT}tu-xa/", desk.live_remote, name="live_remote"),
    path(f"{EVENT}trong-tai/", desk.live_marshal, name="live_marshal"),
    path(f"{EVENT}lenh/", desk.command, name="live_command"),
    path(f"{EVENT}trang-thai.json", desk.state, name="live_state"),
    path(f"{EVENT}nguoi-choi/", desk.players, name="live_roster"),
    path(f"{EVENT}da-hoi.json", desk.asked, name="live_asked"),
    path(f"{EVENT}bang-tay.json", desk.boards, name="live_boards"),
    path(f"{EVENT}bao-cao/", report.report, name="live_report"),
    path(f"{EVENT}bao-cao/giay/", report.progress, name="live_drawing"),
    path(f"{EVENT}giay-chung-nhan/", report.certificates, name="live_certificates"),
    path(f"{EVENT}tinh-vao-vong/", report.count_in, name="live_count_in"),
    path(f"{EVENT}bao-cao.xlsx", report.workbook, name="live_report_xlsx"),
]
