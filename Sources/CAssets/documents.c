/* Written by scripts/docs. */
#include "CAssets.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char start[] = {
#embed "files/docs/start.html"
};

static const unsigned char on_call[] = {
#embed "files/docs/on-call.html"
};

static const unsigned char channels[] = {
#embed "files/docs/channels.html"
};

static const unsigned char integrations[] = {
#embed "files/docs/integrations.html"
};

static const unsigned char operator_guide[] = {
#embed "files/docs/operator-guide.html"
};

static const unsigned char deployment[] = {
#embed "files/docs/deployment.html"
};

static const unsigned char moving_in[] = {
#embed "files/docs/moving-in.html"
};

static const unsigned char security[] = {
#embed "files/docs/security.html"
};

static const unsigned char reliability[] = {
#embed "files/docs/reliability.html"
};

static const unsigned char benchmarks[] = {
#embed "files/docs/benchmarks.html"
};

static const unsigned char api[] = {
#embed "files/docs/api.html"
};

static const unsigned char glossary[] = {
#embed "files/docs/glossary.html"
};

static const unsigned char architecture[] = {
#embed "files/docs/architecture.html"
};

static const unsigned char state_machine[] = {
#embed "files/docs/state-machine.html"
};

static const unsigned char stored_forms[] = {
#embed "files/docs/stored-forms.html"
};

static const struct pagerpal_document documents[] = {
    {"start", "PagerPal", start, sizeof start},
    {"on-call", "Who is on call, who is paged, and when", on_call, sizeof on_call},
    {"channels", "Channels and providers", channels, sizeof channels},
    {"integrations", "Integrations", integrations, sizeof integrations},
    {"operator-guide", "Operator guide", operator_guide, sizeof operator_guide},
    {"deployment", "Deployment", deployment, sizeof deployment},
    {"moving-in", "Moving in", moving_in, sizeof moving_in},
    {"security", "Security", security, sizeof security},
    {"reliability", "Reliability", reliability, sizeof reliability},
    {"benchmarks", "Benchmarks", benchmarks, sizeof benchmarks},
    {"api", "The API", api, sizeof api},
    {"glossary", "Glossary", glossary, sizeof glossary},
    {"architecture", "Architecture", architecture, sizeof architecture},
    {"state-machine", "How an incident moves, and how a page moves", state_machine, sizeof state_machine},
    {"stored-forms", "Stored forms", stored_forms, sizeof stored_forms},
};
const struct pagerpal_document *pagerpal_document_at(size_t index) { return &documents[index]; }
size_t pagerpal_document_count(void) { return sizeof documents / sizeof documents[0]; }
