#include "CAssets.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char acknowledgement_css[] = {
#embed "files/css/acknowledgement.css"
};

struct pagerpal_asset pagerpal_acknowledgement_css(void) {
    return (struct pagerpal_asset){acknowledgement_css, sizeof acknowledgement_css};
}
