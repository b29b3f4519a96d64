"""Ratings as tests make them: of a case that ended, bad by default, verified from above; and who looks at them."""

import re
from html import unescape

from django.test import Client

from applications.actions.accept import accept
from applications.actions.file_application import Filing, file_application
from applications.actions.receive import receive
from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions._put_rating import Opinion
from supervision.actions.contact_rater import contact_rater
from supervision.actions.rate import rate
from supervision.actions.revisit_rater import revisit_rater
from supervision.actions.show_phone import show_raters_phone
from supervision.actions.verify_rating import verify_rating
from supervision.figures import Present
from supervision.figures_ratings import RATES
from supervision.models import Rating
from tests.factories.ratings import rating_token
from tests.supervision.county import APPLICANT


def ended(county, place=0, matter=None):
    """A case of the village, delivered now."""
    return county.delivered(county.granted(county.accepted(matter or county.matter(), place), place), place)


def ended_at_the_township(county):
    matter = county.matter()
    filing = Filing(matter.code, county.townships[0].code, APPLICANT)
    case = file_application(filing, key=f"test-key-{matter.code}", actor=county.actor("window0"))
    window = county.actor("window0")
    receive(case.pk, actor=window)
    accept(case.pk, {}, actor=window)
    return county.delivered(county.granted(case))


def given_by(case, level=1, details=("115",), text="", channel="qr", **more):
    return rate(
        case.number, rating_token(case.number), Opinion(level, channel, tuple(details), text, **more), actor=None
    )


def bad(county, place=0):
    return given_by(ended(county, place))


def called(pk, actor, *, is_reached=True, note="本人接听"):
    """Somebody above looks at the number, calls, and writes down what was said."""
    show_raters_phone(pk, actor=actor)
    return contact_rater(pk, actor=actor, is_reached=is_reached, note=note)


def called_again(pk, actor, *, is_content, note="群众认可"):
    show_raters_phone(pk, actor=actor)
    return revisit_rater(pk, actor=actor, is_content=is_content, note=note)


def verified(county, rating, who="director0"):
    called(rating.pk, county.actor(who), note="本人接听，反映态度差")
    return verify_rating(rating.pk, actor=county.actor(who), is_valid=True, note="调看监控，情况属实")


def percent(key):
    now = Present.at(read_moment().at)
    rows = Rating.objects.filter(RATES[key].denominator(now)).distinct()
    return rows.filter(RATES[key].numerator(now)).distinct().count(), rows.count()


def rated_badly(county, case=None):
    """A case of the first village, delivered and rated now, or this one that was delivered."""
    return given_by(case) if case else bad(county)


def visitor(user):
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
