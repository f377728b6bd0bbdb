"""Celery: what never varies. The database is the truth; a lost or doubled message changes nothing."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_track_started=False,
    timezone="UTC",
    enable_utc=True,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # A task longer than this runs twice; ours work in slices of seconds and are idempotent besides.
    broker_transport_options={
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "max_retries": 2,
    },
    beat_schedule={
        # The tick finds whatever a lost message, a killed worker or a stopped beat left undone.
        "tick": {"task": "contest.tick", "schedule": 5.0, "options": {"expires": 10}},
        "care": {"task": "config.care", "schedule": 300.0, "options": {"expires": 200}},
        "tidy": {"task": "contest.tidy", "schedule": 3600.0, "options": {"expires": 1800}},
        "bank": {"task": "quizbank.tick", "schedule": 15.0, "options": {"expires": 20}},
        "figures": {"task": "contest.figures", "schedule": 300.0, "options": {"expires": 200}},
        "figures-live": {"task": "realtime.figures", "schedule": 300.0, "options": {"expires": 200}},
        "figures-practice": {"task": "quizbank.figures", "schedule": 900.0, "options": {"expires": 600}},
        "tidy-bank": {"task": "quizbank.tidy", "schedule": 3600.0, "options": {"expires": 1800}},
        "tidy-live": {"task": "realtime.tidy", "schedule": 3600.0, "options": {"expires": 1800}},
    },
)
app.autodiscover_tasks(["quizbank", "contest", "realtime", "config"])
