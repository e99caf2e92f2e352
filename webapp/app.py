"""The Flask application: what is set up, in what order, from the settings alone."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.config import Settings
from webapp.database import connect_args, db, sqlalchemy_url
from webapp.views import (
    account,
    admin,
    asks,
    bulks,
    cases,
    changes,
    corrections,
    departures,
    entry,
    exchange,
    home,
    inbox,
    letters,
    newcomers,
    notices,
    outside,
    papers,
    rosters,
    sheets,
    students,
    substitutes,
    tasks,
    transfers,
)
from webapp.views.base import init_base
from webapp.views.pages import init_pages

# Several papers may be sent with one form; each has its own limit.
PAPERS_PER_FORM = 6
FORM_BYTES = 64 * 1024

# A request that waits for a row keeps others waiting for its thread.
LONGEST_LOCK = "5s"

PAGES = (
    home.bp,
    transfers.bp,
    changes.bp,
    departures.bp,
    entry.bp,
    students.bp,
    rosters.bp,
    newcomers.bp,
    outside.bp,
    letters.bp,
    cases.bp,
    sheets.bp,
    corrections.bp,
    papers.bp,
    inbox.bp,
    tasks.bp,
    asks.bp,
    bulks.bp,
    notices.bp,
    account.bp,
    substitutes.bp,
    admin.bp,
    exchange.bp,
)


def create_app(settings: Settings) -> Flask:
    """Return the application for these settings, whose database URL must be known."""
    app = Flask("webapp", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=sqlalchemy_url(settings.database_url or ""),
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_size": settings.web_threads,
            "pool_pre_ping": True,
            "hide_parameters": True,
            "connect_args": connect_args(LONGEST_LOCK),
        },
        MAX_CONTENT_LENGTH=PAPERS_PER_FORM * settings.paper_max_bytes + FORM_BYTES,
        SETTINGS=settings,
    )
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    db.init_app(app)
    db.session.session_factory.configure(info={"settings": settings})
    init_base(app, settings)
    init_pages(app, settings)
    for pages in PAGES:
        app.register_blueprint(pages)
    return app
