"""The service's front door: every route, queue and schedule is registered here."""

from chalicelib.api.catalogue import catalogue
from chalicelib.api.code_batches import code_batches
from chalicelib.api.confirmations import confirmations
from chalicelib.api.coupons import coupons
from chalicelib.api.draws import draws
from chalicelib.api.funnel import funnel
from chalicelib.api.gateway_app import GatewayApp
from chalicelib.api.gift_cards import gift_cards
from chalicelib.api.google_wallet import google_wallet
from chalicelib.api.grant_batches import grant_batches
from chalicelib.api.health import health
from chalicelib.api.identifiers import identifiers
from chalicelib.api.jobs import jobs
from chalicelib.api.leaving import leaving
from chalicelib.api.me import me
from chalicelib.api.members import members
from chalicelib.api.pass_certificates import pass_certificates
from chalicelib.api.pass_designs import pass_designs
from chalicelib.api.pass_images import pass_image_files
from chalicelib.api.pass_previews import pass_previews
from chalicelib.api.passes import passes
from chalicelib.api.points import points
from chalicelib.api.programs import programs
from chalicelib.api.promo_codes import promo_codes
from chalicelib.api.purchases import purchases
from chalicelib.api.returns import returns
from chalicelib.api.rewards import rewards
from chalicelib.api.sign_ups import sign_ups
from chalicelib.api.sms_reports import sms_reports
from chalicelib.jobs.operator import operator
from chalicelib.jobs.outbox import outbox
from chalicelib.jobs.schedule import schedule
from chalicelib.jobs.sms import sms
from chalicelib.web.coupon_exchange import coupon_exchange
from chalicelib.web.draw_pages import draw_pages
from chalicelib.web.files import files
from chalicelib.web.google_save import google_save
from chalicelib.web.pages import pages

app = GatewayApp(app_name="kopilka")

app.register_blueprint(sign_ups)  # a phone → a member
app.register_blueprint(members)  # who stands at the till
app.register_blueprint(confirmations)  # and that it is really the member
app.register_blueprint(purchases)  # a sale → points
app.register_blueprint(outbox)  # points → the phone
app.register_blueprint(passes)  # the phone fetches its pass
app.register_blueprint(google_save)  # or saves it with Google
app.register_blueprint(google_wallet)  # which says what became of it
app.register_blueprint(pass_certificates)  # by which it is signed
app.register_blueprint(funnel)  # how many cards come so far
app.register_blueprint(returns)  # a sale undone or corrected
app.register_blueprint(points)  # points without a sale
app.register_blueprint(grant_batches)  # points for many at once
app.register_blueprint(gift_cards)  # money paid beforehand
app.register_blueprint(promo_codes)  # what shoppers say for a coupon
app.register_blueprint(code_batches)  # many of them at once
app.register_blueprint(coupons)  # coupons of members
app.register_blueprint(rewards)  # points for what members do
app.register_blueprint(draws)  # prizes, and who wins them
app.register_blueprint(pages)  # what shoppers see
app.register_blueprint(files)  # and what it is drawn with
app.register_blueprint(draw_pages)  # what anybody may check
app.register_blueprint(coupon_exchange)  # points → a coupon, from the card
app.register_blueprint(identifiers)  # what else a member is known by
app.register_blueprint(me)  # a member's own things
app.register_blueprint(leaving)  # a member goes
app.register_blueprint(programs)  # the rules
app.register_blueprint(pass_designs)  # what passes look like
app.register_blueprint(pass_image_files)  # and what they are drawn with
app.register_blueprint(pass_previews)  # and pictures of both cards
app.register_blueprint(jobs)  # what outlasts its request
app.register_blueprint(catalogue)  # what the SKUs of a sale are
app.register_blueprint(sms)  # codes leave
app.register_blueprint(sms_reports)  # what became of them
app.register_blueprint(schedule)  # what time does to points
app.register_blueprint(operator)  # merchants and keys, by hand
app.register_blueprint(health)  # the service itself
