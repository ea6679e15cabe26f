#include "CAssets.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

/* The style sheet: tokens first, then one file for each component. To add a component, add its file here. */
static const unsigned char app_css[] = {
#embed "files/css/tokens.css"
,
#embed "files/css/base.css"
,
#embed "files/css/layout.css"
,
#embed "files/css/navigation.css"
,
#embed "files/css/buttons.css"
,
#embed "files/css/forms.css"
,
#embed "files/css/badges.css"
,
#embed "files/css/cards.css"
,
#embed "files/css/tables.css"
,
#embed "files/css/notices.css"
,
#embed "files/css/incidents.css"
,
#embed "files/css/schedules.css"
,
#embed "files/css/timeline.css"
,
#embed "files/css/setup.css"
,
#embed "files/css/log.css"
,
#embed "files/css/audit.css"
,
#embed "files/css/reports.css"
};

static const unsigned char docs_css[] = {
#embed "files/css/docs.css"
};

static const unsigned char app_js[] = {
#embed "files/js/app.js"
};

static const unsigned char live_js[] = {
#embed "files/js/live.js"
};

static const unsigned char push_js[] = {
#embed "files/js/push.js"
};

static const unsigned char setup_js[] = {
#embed "files/js/setup.js"
};

static const unsigned char passkeys_js[] = {
#embed "files/js/passkeys.js"
};

static const unsigned char symbols_svg[] = {
#embed "files/images/symbols.svg"
};

static const unsigned char icon_svg[] = {
#embed "files/images/icon.svg"
};

static const unsigned char passwords[] = {
#embed "files/passwords.txt"
};

const unsigned char *pagerpal_passwords(void) { return passwords; }
size_t pagerpal_passwords_length(void) { return sizeof passwords; }

static const struct pagerpal_asset assets[] = {
    {"app", "css", app_css, sizeof app_css},
    {"docs", "css", docs_css, sizeof docs_css},
    {"app", "js", app_js, sizeof app_js},
    {"live", "js", live_js, sizeof live_js},
    {"push", "js", push_js, sizeof push_js},
    {"passkeys", "js", passkeys_js, sizeof passkeys_js},
    {"setup", "js", setup_js, sizeof setup_js},
    {"symbols", "svg", symbols_svg, sizeof symbols_svg},
    {"icon", "svg", icon_svg, sizeof icon_svg},
};
const struct pagerpal_asset *pagerpal_asset_at(size_t index) { return &assets[index]; }
size_t pagerpal_asset_count(void) { return sizeof assets / sizeof assets[0]; }
