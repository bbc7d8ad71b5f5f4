"""Every address of the app."""

from django.urls import URLPattern, URLResolver, include, path

from regulars.web.access import views as access
from regulars.web.act import channels, deciding, drawer, limits, messages, triggers
from regulars.web.act.consents import forms as consent_forms, log as consent_log, topics as consent_topics
from regulars.web.act.templating import blocks, brand, editor, shelf
from regulars.web.api.door import api
from regulars.web.decide.campaigns import editing as campaign_editing, listing as campaign_listing, one as one_campaign
from regulars.web.decide.journeys import (
    editor as journey_editor,
    listing as journey_listing,
    one as one_journey,
    rehearsing as journey_rehearsing,
)
from regulars.web.keep import views as keep
from regulars.web.know import customers, one_customer, products, risk, value
from regulars.web.know.segments import builder, listing as segment_listing, one as one_segment
from regulars.web.listen import data, imports
from regulars.web.overview import search, views as overview, work
from regulars.web.prove import report, retention
from regulars.web.shopper import browsers, joining, leaving, preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("overview/came-back", overview.came_back, name="overview-came-back"),
    path("overview/late", overview.late, name="overview-late"),
    path("overview/hidden-quarter", overview.hidden_quarter, name="overview-hidden-quarter"),
    path("open/demo", overview.open_demo, name="open-demo"),
    path("open/cdnow", overview.open_cdnow, name="open-cdnow"),
    path("search", search.search, name="search"),
    path("work/<int:number>", work.job, name="job"),
    path("work/<int:number>/cancel", work.cancel, name="cancel-job"),
    # listen
    path("imports", imports.imports, name="imports"),
    path("imports/upload", imports.upload, name="upload"),
    path("imports/check/<str:token>", imports.check, name="check-upload"),
    path("imports/<int:number>", imports.one, name="import"),
    path("imports/<int:number>/rejects.csv", imports.rejects, name="import-rejects"),
    path("data", data.data, name="data"),
    path("data/sql", data.sql, name="sql"),
    path("data/sql/keep", data.save_query, name="save-query"),
    # know and decide
    path("customers", customers.customers, name="customers"),
    path("customers/save", customers.save_view, name="save-view"),
    path("customers/<int:number>", one_customer.customer, name="customer"),
    path("segments", segment_listing.listing, name="segments"),
    # a segment's name has no underscore, so none hides behind these
    path("segments/_new", builder.new, name="new-segment"),
    path("segments/_try", builder.tried, name="try-segment"),
    path("segments/_ready", segment_listing.ready, name="ready-segments"),
    path("segments/<slug:name>", one_segment.segment, name="segment"),
    path("segments/<slug:name>/edit", builder.edit, name="edit-segment"),
    path("segments/<slug:name>/drop", one_segment.drop, name="drop-segment"),
    path("segments/<slug:name>/segment.yaml", one_segment.file, name="export-segment"),
    path("products", products.products, name="products"),
    path("value", value.value, name="value"),
    path("at-risk", risk.at_risk, name="at-risk"),
    path("campaigns", campaign_listing.listing, name="campaigns"),
    path("campaigns/_new", campaign_editing.new, name="new-campaign"),
    path("campaigns/_lists", campaign_listing.lists, name="campaign-lists"),
    path("campaigns/_rules", campaign_listing.rules, name="campaign-rules"),
    path("campaigns/<slug:name>", one_campaign.campaign, name="campaign"),
    path("campaigns/<slug:name>/edit", campaign_editing.edit, name="edit-campaign"),
    path("campaigns/<slug:name>/act", one_campaign.act, name="act-on-campaign"),
    path("campaigns/<slug:name>/campaign.yaml", one_campaign.file, name="export-campaign"),
    path("journeys", journey_listing.listing, name="journeys"),
    # a journey's name begins with a letter or a digit, so none hides behind this
    path("journeys/_new", journey_editor.new, name="new-journey"),
    path("journeys/_ready", journey_listing.ready, name="ready-journey"),
    path("journeys/<slug:name>", one_journey.journey, name="journey"),
    path("journeys/<slug:name>/edit", journey_editor.edit, name="edit-journey"),
    path("journeys/<slug:name>/rehearsal", journey_rehearsing.rehearsal, name="rehearse-journey"),
    path("journeys/<slug:name>/switch", one_journey.switch, name="switch-journey"),
    path("journeys/<slug:name>/journey.yaml", one_journey.file, name="export-journey"),
    # act
    path("messages", messages.messages, name="messages"),
    path("messages/decide", deciding.decide, name="decide-messages"),
    path("messages/<str:key>", messages.message, name="message"),
    path("messages/<str:key>/settle", messages.settle, name="settle-message"),
    path("drawer", drawer.drawer, name="drawer"),
    path("drawer/<str:key>", drawer.letter, name="drawn"),
    path("drawer/<str:key>/body", drawer.body, name="drawn-body"),
    path("channels", channels.channels, name="channels"),
    path("channels/domain", channels.domain, name="check-domain"),
    path("limits", limits.limits, name="limits"),
    path("triggers", triggers.triggers, name="triggers"),
    path("lists", customers.lists, name="lists"),
    path("templates", shelf.templates, name="templates"),
    path("templates/<str:name>", editor.template, name="template"),
    path("templates/<str:name>/preview", editor.preview, name="preview-template"),
    path("templates/<str:name>/check", editor.check, name="check-template"),
    path("templates/<str:name>/publish", editor.publish, name="publish-template"),
    path("templates/<str:name>/drop", editor.drop, name="drop-template"),
    path("templates/<str:name>/try", editor.try_out, name="try-template"),
    path("templates/<str:name>/template.toml", editor.toml, name="export-template"),
    path("blocks", blocks.blocks, name="blocks"),
    path("blocks/<str:name>", blocks.block, name="block"),
    path("blocks/<str:name>/preview", blocks.preview, name="preview-block"),
    path("blocks/<str:name>/check", blocks.check, name="check-block"),
    path("blocks/<str:name>/publish", blocks.publish, name="publish-block"),
    path("blocks/<str:name>/drop", blocks.drop, name="drop-block"),
    path("brand", brand.brand, name="brand"),
    path("brand/contrast", brand.contrast, name="check-brand"),
    path("brand/preview", brand.preview, name="preview-brand"),
    path("consent", consent_log.log, name="consent"),
    path("consent/topics", consent_topics.topics, name="consent-topics"),
    path("consent/topics/change", consent_topics.change_topic, name="change-topic"),
    path("consent/forms", consent_forms.forms, name="consent-forms"),
    path("consent/forms/<slug:slug>", consent_forms.one_form, name="consent-form"),
    path("consent/forms/<slug:slug>/preview", consent_forms.preview, name="consent-form-preview"),
    # prove
    path("retention", retention.retention, name="retention"),
    path("report", report.report, name="report"),
    path("report.html", report.whole, name="report-page"),
    # keep
    path("settings", keep.settings, name="settings"),
    path("settings/rebuild", keep.rebuild, name="rebuild"),
    path("settings/start-over", keep.start_over, name="start-over"),
    path("users", keep.users, name="users"),
    path("users/change", keep.change_user, name="change-user"),
    path("users/tokens", keep.change_token, name="change-token"),
    path("audit", keep.audit, name="audit"),
    # who works here
    path("sign-in", access.sign_in, name="sign-in"),
    path("sign-out", access.sign_out, name="sign-out"),
    path("owner", access.owner, name="owner"),
    path("welcome/<str:token>", access.accept, name="accept"),
    path("account", access.account, name="account"),
    path("account/authenticator", access.totp, name="totp"),
    # for shoppers, who sign in nowhere
    path("u/<str:token>", leaving.unsubscribe, name="unsubscribe"),
    path("u/<str:token>/back", leaving.come_back, name="unsubscribe-back"),
    path("p/<str:token>", preferences.preferences, name="preferences"),
    path("p/<str:token>/push", browsers.of_person, name="push-person"),
    path("push/<slug:slug>", browsers.of_form, name="push-form"),
    path("join/<slug:slug>", joining.join, name="join"),
    path("join/<slug:slug>/embed", joining.embed, name="join-embed"),
    path("confirm/<str:token>", joining.confirm, name="confirm"),
    path("api/", api.urls),
    path("", include("regulars.web.health.urls")),
    path("", include("regulars.web.hooks.urls")),
]

handler404 = "regulars.web.shell.faults.missing"
handler500 = "regulars.web.shell.faults.broken"
