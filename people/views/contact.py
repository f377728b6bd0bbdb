"""Ways to reach a person: adding or replacing the phone or e-mail, proven by a code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from people.access import signed_in
from people.enums import CodePurpose
from people.errors import AppError
from people.forms.signin import AddressForm
from people.views.signin import start_code


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Show the phone and e-mail of the account; send a code to a new one."""
    form = AddressForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                start_code(request, address=form.cleaned_data["address"], purpose=CodePurpose.ADD_CONTACT, target="")
            except AppError as error:
                form.add_error("address", str(error))
                status = error.status
            else:
                return redirect("people:code")
    return render(request, "people/contact.html", {"form": form}, status=status)


@signed_in
def allauth_page_moved(request: HttpRequest) -> HttpResponse:
    """allauth's e-mail pages lead to ours."""
    return redirect("people:contact")
