"""The service's front door: every route, queue and schedule is registered here."""

from chalicelib.api.attention import attention
from chalicelib.api.audit import audit
from chalicelib.api.catalogue import catalogue
from chalicelib.api.claims import claims
from chalicelib.api.code_batches import code_batches
from chalicelib.api.confirmations import confirmations
from chalicelib.api.coupons import coupons
from chalicelib.api.day_book import day_book
from chalicelib.api.devices import devices
from chalicelib.api.draws import draws
from chalicelib.api.exports import exports
from chalicelib.api.funnel import funnel
from chalicelib.api.gateway_app import GatewayApp
from chalicelib.api.gift_cards import gift_cards
from chalicelib.api.google_wallet import google_wallet
from chalicelib.api.grant_batches import grant_batches
from chalicelib.api.health import health
from chalicelib.api.identifiers import identifiers
from chalicelib.api.jobs import jobs
from chalicelib.api.kept_gift_cards import kept_gift_cards
from chalicelib.api.leaving import leaving
from chalicelib.api.me import me
from chalicelib.api.members import members
from chalicelib.api.my_confirmations import my_confirmations
from chalicelib.api.new_members import new_members
from chalicelib.api.pass_certificates import pass_certificates
from chalicelib.api.pass_designs import pass_designs
from chalicelib.api.pass_images import pass_image_files
from chalicelib.api.pass_previews import pass_previews
from chalicelib.api.passes import passes
from chalicelib.api.phone_changes import phone_changes
from chalicelib.api.points import points
from chalicelib.api.programs import programs
from chalicelib.api.promo_codes import promo_codes
from chalicelib.api.purchase_batches import purchase_batches
from chalicelib.api.purchases import purchases
from chalicelib.api.returns import returns
from chalicelib.api.rewards import rewards
from chalicelib.api.sign_ups import sign_ups
from chalicelib.api.sms_reports import sms_reports
from chalicelib.api.staff import staff
from chalicelib.api.till_sessions import till_sessions
from chalicelib.api.training import training
from chalicelib.jobs.operator import operator
from chalicelib.jobs.outbox import outbox
from chalicelib.jobs.schedule import schedule
from chalicelib.jobs.sms import sms
from chalicelib.web.admin.pages import admin
from chalicelib.web.card_files import card_files
from chalicelib.web.card_pages import card_pages
from chalicelib.web.coupon_exchange import coupon_exchange
from chalicelib.web.draw_pages import draw_pages
from chalicelib.web.failed_page import show_failure
from chalicelib.web.files import files
from chalicelib.web.google_save import google_save
from chalicelib.web.link_page import link_page
from chalicelib.web.missing_page import missing_page
from chalicelib.web.own_pages import own_pages
from chalicelib.web.pages import pages
from chalicelib.web.poster_pages import posters
from chalicelib.web.till_page import till_page

app = GatewayApp(app_name="kopilka")

app.register_blueprint(sign_ups)  # a phone → a member
app.register_blueprint(new_members)  # or somebody typed in at a till
app.register_blueprint(till_sessions)  # who stands behind the till
app.register_blueprint(members)  # who stands before it
app.register_blueprint(confirmations)  # and that it is really the member
app.register_blueprint(purchases)  # a sale → points
app.register_blueprint(purchase_batches)  # or many, made without a network
app.register_blueprint(outbox)  # points → the phone
app.register_blueprint(passes)  # the phone fetches its pass
app.register_blueprint(google_save)  # or saves it with Google
app.register_blueprint(google_wallet)  # which says what became of it
app.register_blueprint(pass_certificates)  # by which it is signed
app.register_blueprint(funnel)  # how many cards come so far
app.register_blueprint(returns)  # a sale undone or corrected
app.register_blueprint(training)  # what a cashier who learns may do
app.register_blueprint(day_book)  # what was done in a day, and its sums
app.register_blueprint(attention)  # and what somebody has to look at
app.register_blueprint(points)  # points without a sale
app.register_blueprint(grant_batches)  # points for many at once
app.register_blueprint(gift_cards)  # money paid beforehand
app.register_blueprint(promo_codes)  # what shoppers say for a coupon
app.register_blueprint(code_batches)  # many of them at once
app.register_blueprint(coupons)  # coupons of members
app.register_blueprint(rewards)  # points for what members do
app.register_blueprint(draws)  # prizes, and who wins them
app.register_blueprint(pages)  # what shoppers see
app.register_blueprint(card_pages)  # and what is behind the card
app.register_blueprint(posters)  # which posters lead to
app.register_blueprint(own_pages)  # and what is the member's own
app.register_blueprint(card_files)  # and what phones keep of it
app.register_blueprint(link_page)  # a phone confirmed by one tap
app.register_blueprint(files)  # and what it is drawn with
app.register_blueprint(till_page)  # what cashiers see
app.register_blueprint(admin)  # what the owner runs it with
app.register_blueprint(missing_page)  # and what is not there at all
app.register_blueprint(draw_pages)  # what anybody may check
app.register_blueprint(coupon_exchange)  # points → a coupon, from the card
app.register_blueprint(identifiers)  # what else a member is known by
app.register_blueprint(me)  # a member's own things
app.register_blueprint(phone_changes)  # their phone, among them
app.register_blueprint(kept_gift_cards)  # gift cards they keep
app.register_blueprint(claims)  # a receipt they made without the card
app.register_blueprint(devices)  # where the card is
app.register_blueprint(exports)  # all that is known, to take away
app.register_blueprint(my_confirmations)  # that it is really they who do them
app.register_blueprint(leaving)  # a member goes
app.register_blueprint(programs)  # the rules
app.register_blueprint(pass_designs)  # what passes look like
app.register_blueprint(pass_image_files)  # and what they are drawn with
app.register_blueprint(pass_previews)  # and pictures of both cards
app.register_blueprint(jobs)  # what outlasts its request
app.register_blueprint(staff)  # who works where
app.register_blueprint(audit)  # and what they did
app.register_blueprint(catalogue)  # what the SKUs of a sale are
app.register_blueprint(sms)  # codes leave
app.register_blueprint(sms_reports)  # what became of them
app.register_blueprint(schedule)  # what time does to points
app.register_blueprint(operator)  # merchants and keys, by hand
app.register_blueprint(health)  # the service itself

app.register_middleware(show_failure, "http")  # and what somebody sees when it fails
