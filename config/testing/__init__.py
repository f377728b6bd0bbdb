"""`manage.py test`: what the suite needs before pytest starts. Development only."""
