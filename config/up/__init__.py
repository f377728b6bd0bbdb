"""`manage.py up`: starts, watches and stops everything one machine needs. Free of Django, to stay small."""
