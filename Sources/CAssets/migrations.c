#include "migrations.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char foundations[] = {
#embed "files/sql/0001_foundations.sql"
};

static const unsigned char people[] = {
#embed "files/sql/0002_people.sql"
};

static const unsigned char accounts[] = {
#embed "files/sql/0003_accounts.sql"
};

static const unsigned char ingest[] = {
#embed "files/sql/0004_ingest.sql"
};

static const unsigned char reports[] = {
#embed "files/sql/0005_reports.sql"
};

static const unsigned char open_incidents[] = {
#embed "files/sql/0006_open_incidents.sql"
};

static const unsigned char any_channel[] = {
#embed "files/sql/0007_any_channel.sql"
};

static const unsigned char pages_in_flight[] = {
#embed "files/sql/0008_pages_in_flight.sql"
};

static const unsigned char duties[] = {
#embed "files/sql/0009_duties.sql"
};

static const unsigned char references[] = {
#embed "files/sql/0010_references.sql"
};

static const unsigned char document_columns[] = {
#embed "files/sql/0011_document_columns.sql"
};

static const unsigned char follow_ups[] = {
#embed "files/sql/0013_follow_ups.sql"
};

static const unsigned char definitions[] = {
#embed "files/sql/0014_definitions.sql"
};

static const unsigned char documents_only[] = {
#embed "files/sql/0016_documents_only.sql"
};

static const unsigned char lines[] = {
#embed "files/sql/0017_lines.sql"
};

static const unsigned char retention[] = {
#embed "files/sql/0018_retention.sql"
};

static const unsigned char replies[] = {
#embed "files/sql/0019_replies.sql"
};

static const unsigned char revocation[] = {
#embed "files/sql/0020_revocation.sql"
};

static const unsigned char second_factors[] = {
#embed "files/sql/0021_second_factors.sql"
};

static const unsigned char timeline_order[] = {
#embed "files/sql/0022_timeline_order.sql"
};

static const unsigned char places[] = {
#embed "files/sql/0023_places.sql"
};

static const unsigned char links[] = {
#embed "files/sql/0024_links.sql"
};

static const unsigned char token_scopes[] = {
#embed "files/sql/0025_token_scopes.sql"
};

static const unsigned char first_doors[] = {
#embed "files/sql/0026_first_doors.sql"
};

static const unsigned char identities[] = {
#embed "files/sql/0027_identities.sql"
};

static const unsigned char idempotency_keys[] = {
#embed "files/sql/0028_idempotency_keys.sql"
};

static const unsigned char deeds[] = {
#embed "files/sql/0029_deeds.sql"
};

static const unsigned char beats[] = {
#embed "files/sql/0030_beats.sql"
};

static const unsigned char invitations[] = {
#embed "files/sql/0031_invitations.sql"
};

static const unsigned char team_channels[] = {
#embed "files/sql/0032_team_channels.sql"
};

static const unsigned char alarms[] = {
#embed "files/sql/0033_alarms.sql"
};

static const unsigned char message_templates[] = {
#embed "files/sql/0034_message_templates.sql"
};

static const unsigned char conversations[] = {
#embed "files/sql/0035_conversations.sql"
};

static const unsigned char urgent_incidents[] = {
#embed "files/sql/0036_urgent_incidents.sql"
};

static const unsigned char queue_depth[] = {
#embed "files/sql/0037_queue_depth.sql"
};

static const unsigned char passkeys[] = {
#embed "files/sql/0038_passkeys.sql"
};

static const unsigned char team_tokens[] = {
#embed "files/sql/0039_team_tokens.sql"
};

static const unsigned char proofs[] = {
#embed "files/sql/0040_proofs.sql"
};

static const unsigned char search[] = {
#embed "files/sql/0041_search.sql"
};

static const unsigned char statistics[] = {
#embed "files/sql/0042_statistics.sql"
};

static const unsigned char open_keys[] = {
#embed "files/sql/0043_open_keys.sql"
};

static const unsigned char filters[] = {
#embed "files/sql/0044_filters.sql"
};

static const struct pagerpal_migration migrations[] = {
    {1, "foundations", foundations, sizeof foundations},
    {2, "people", people, sizeof people},
    {3, "accounts", accounts, sizeof accounts},
    {4, "ingest", ingest, sizeof ingest},
    {5, "reports", reports, sizeof reports},
    {6, "open incidents", open_incidents, sizeof open_incidents},
    {7, "any channel", any_channel, sizeof any_channel},
    {8, "pages in flight", pages_in_flight, sizeof pages_in_flight},
    {9, "duties", duties, sizeof duties},
    {10, "references", references, sizeof references},
    {11, "document columns", document_columns, sizeof document_columns},
    {13, "follow-ups", follow_ups, sizeof follow_ups},
    {14, "definitions", definitions, sizeof definitions},
    {16, "documents only", documents_only, sizeof documents_only},
    {17, "lines", lines, sizeof lines},
    {18, "retention", retention, sizeof retention},
    {19, "replies", replies, sizeof replies},
    {20, "revocation", revocation, sizeof revocation},
    {21, "second factors", second_factors, sizeof second_factors},
    {22, "timeline order", timeline_order, sizeof timeline_order},
    {23, "places", places, sizeof places},
    {24, "links", links, sizeof links},
    {25, "token scopes", token_scopes, sizeof token_scopes},
    {26, "first doors", first_doors, sizeof first_doors},
    {27, "identities", identities, sizeof identities},
    {28, "idempotency keys", idempotency_keys, sizeof idempotency_keys},
    {29, "deeds", deeds, sizeof deeds},
    {30, "beats", beats, sizeof beats},
    {31, "invitations", invitations, sizeof invitations},
    {32, "team channels", team_channels, sizeof team_channels},
    {33, "alarms", alarms, sizeof alarms},
    {34, "message templates", message_templates, sizeof message_templates},
    {35, "conversations", conversations, sizeof conversations},
    {36, "urgent incidents", urgent_incidents, sizeof urgent_incidents},
    {37, "queue depth", queue_depth, sizeof queue_depth},
    {38, "passkeys", passkeys, sizeof passkeys},
    {39, "team tokens", team_tokens, sizeof team_tokens},
    {40, "proofs", proofs, sizeof proofs},
    {41, "search", search, sizeof search},
    {42, "statistics", statistics, sizeof statistics},
    {43, "open keys", open_keys, sizeof open_keys},
    {44, "filters", filters, sizeof filters},
};
const struct pagerpal_migration *pagerpal_migration_at(size_t index) { return &migrations[index]; }
size_t pagerpal_migration_count(void) { return sizeof migrations / sizeof migrations[0]; }
