"""The public verification page and the certificate's file."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from contest.certificates.facts import domain_of, grouped, typed
from contest.certificates.links import opens
from contest.domain.certificates import certificate_pdf
from contest.errors import NotFound, TooOften
from contest.models import Certificate
from contest.queries import certificates
from contest.throttle import allow
from people.access import public, resident_of
from people.enums import Role
from people.errors import NotAllowed
from people.queries.roles import can

LOOKUPS_A_MINUTE = 60
MINUTE_S = 60
LONGEST_TYPED = 80


@public
@require_GET
def verify_form(request: HttpRequest) -> HttpResponse:
    """Take a typed code and go to its page."""
    asked = request.GET.get("ma", "")[:LONGEST_TYPED]
    code = typed(asked)
    if not code:
        return render(request, "contest/verify_form.html", _site())
    if certificates.is_code(code):
        return redirect("contest:verify", code=code)
    error = _("Mã gồm 22 chữ, số, gạch ngang hoặc gạch dưới, phân biệt chữ hoa chữ thường. Mời bạn xem lại.")
    return render(request, "contest/verify_form.html", _site() | {"asked": asked, "error": error}, status=422)


@public
@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is known of a code. An unknown code gets the same page with 404."""
    address = get_adapter().get_client_ip(request)
    if not allow("verify", address, limit=LOOKUPS_A_MINUTE, window_s=MINUTE_S):
        raise TooOften
    found = certificates.verify(code)
    context = _site() | {"found": found, "code": code[:LONGEST_TYPED]}
    if found is None:
        return render(request, "contest/verify.html", context, status=404)
    certificate = certificates.certificate_by_code(code)
    context |= {
        "facts": found.facts,
        "shown_code": grouped(found.code),
        "may_open": found.valid and certificate is not None and _may_open(request, certificate),
    }
    response = render(request, "contest/verify.html", context)
    # A revocation must show at once, whoever stands between.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@public
@require_GET
def certificate_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """Send the PDF to its owner, an organizer of the contest, or whoever has a signed link."""
    certificate = certificates.certificate_by_code(code) if certificates.is_code(code) else None
    if certificate is None:
        raise NotFound
    if not (opens(code, request.GET.get("s", "")) or _may_open(request, certificate)):
        raise NotAllowed(_("Chỉ người có tên trên giấy chứng nhận và ban tổ chức tải được tệp này."))
    path = certificate_pdf(certificate=certificate, now=timezone.now())
    response = FileResponse(
        path.open("rb"), content_type="application/pdf", filename=f"giay-chung-nhan-{code[:6]}.pdf", as_attachment=False
    )
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _may_open(request: HttpRequest, certificate: Certificate) -> bool:
    if not request.user.is_authenticated:
        return False
    resident = resident_of(request)
    if resident is not None and certificate.holder_id == resident.pk:
        return True
    contest = certificate.contest
    ref = contest.public_id if contest else None
    return can(request.user, Role.ORGANIZER, unit=certificate.issuing_unit, contest_ref=ref)


def _site() -> dict[str, object]:
    return {"domain": domain_of(settings.SITE_URL)}
