extension CountryCode {
    /// The country calling codes (ITU-T E.164) by the time zones of their countries, from the tz database's zone.tab.
    static let byZone: [String: CountryCode] = {
        var found: [String: CountryCode] = [:]
        for line in zones.split(separator: "\n") {
            let words = line.split(separator: " ")
            for zone in words.dropFirst() { found[String(zone)] = CountryCode(String(words[0])) }
        }
        return found
    }()

    private static let zones = """
        1 America/Adak America/Anchorage America/Anguilla America/Antigua America/Atikokan America/Barbados \
          America/Blanc-Sablon America/Boise America/Cambridge_Bay America/Cayman America/Chicago America/Creston \
          America/Dawson America/Dawson_Creek America/Denver America/Detroit America/Dominica America/Edmonton \
          America/Fort_Nelson America/Glace_Bay America/Goose_Bay America/Grand_Turk America/Grenada America/Halifax \
          America/Indiana/Indianapolis America/Indiana/Knox America/Indiana/Marengo America/Indiana/Petersburg \
          America/Indiana/Tell_City America/Indiana/Vevay America/Indiana/Vincennes America/Indiana/Winamac America/Inuvik \
          America/Iqaluit America/Jamaica America/Juneau America/Kentucky/Louisville America/Kentucky/Monticello \
          America/Los_Angeles America/Lower_Princes America/Menominee America/Metlakatla America/Moncton \
          America/Montserrat America/Nassau America/New_York America/Nome America/North_Dakota/Beulah \
          America/North_Dakota/Center America/North_Dakota/New_Salem America/Phoenix America/Port_of_Spain \
          America/Puerto_Rico America/Rankin_Inlet America/Regina America/Resolute America/Santo_Domingo America/Sitka \
          America/St_Johns America/St_Kitts America/St_Lucia America/St_Thomas America/St_Vincent America/Swift_Current \
          America/Toronto America/Tortola America/Vancouver America/Whitehorse America/Winnipeg America/Yakutat \
          Atlantic/Bermuda Pacific/Guam Pacific/Honolulu Pacific/Pago_Pago Pacific/Saipan
        20 Africa/Cairo
        211 Africa/Juba
        212 Africa/Casablanca Africa/El_Aaiun
        213 Africa/Algiers
        216 Africa/Tunis
        218 Africa/Tripoli
        220 Africa/Banjul
        221 Africa/Dakar
        222 Africa/Nouakchott
        223 Africa/Bamako
        224 Africa/Conakry
        225 Africa/Abidjan
        226 Africa/Ouagadougou
        227 Africa/Niamey
        228 Africa/Lome
        229 Africa/Porto-Novo
        230 Indian/Mauritius
        231 Africa/Monrovia
        232 Africa/Freetown
        233 Africa/Accra
        234 Africa/Lagos
        235 Africa/Ndjamena
        236 Africa/Bangui
        237 Africa/Douala
        238 Atlantic/Cape_Verde
        239 Africa/Sao_Tome
        240 Africa/Malabo
        241 Africa/Libreville
        242 Africa/Brazzaville
        243 Africa/Kinshasa Africa/Lubumbashi
        244 Africa/Luanda
        245 Africa/Bissau
        248 Indian/Mahe
        249 Africa/Khartoum
        250 Africa/Kigali
        251 Africa/Addis_Ababa
        252 Africa/Mogadishu
        253 Africa/Djibouti
        254 Africa/Nairobi
        255 Africa/Dar_es_Salaam
        256 Africa/Kampala
        257 Africa/Bujumbura
        258 Africa/Maputo
        260 Africa/Lusaka
        261 Indian/Antananarivo
        262 Indian/Mayotte Indian/Reunion
        263 Africa/Harare
        264 Africa/Windhoek
        265 Africa/Blantyre
        266 Africa/Maseru
        267 Africa/Gaborone
        268 Africa/Mbabane
        269 Indian/Comoro
        27 Africa/Johannesburg
        290 Atlantic/St_Helena
        291 Africa/Asmara
        297 America/Aruba
        298 Atlantic/Faroe
        299 America/Danmarkshavn America/Nuuk America/Scoresbysund America/Thule
        30 Europe/Athens
        31 Europe/Amsterdam
        32 Europe/Brussels
        33 Europe/Paris
        34 Africa/Ceuta Atlantic/Canary Europe/Madrid
        350 Europe/Gibraltar
        351 Atlantic/Azores Atlantic/Madeira Europe/Lisbon
        352 Europe/Luxembourg
        353 Europe/Dublin
        354 Atlantic/Reykjavik
        355 Europe/Tirane
        356 Europe/Malta
        357 Asia/Famagusta Asia/Nicosia
        358 Europe/Helsinki Europe/Mariehamn
        359 Europe/Sofia
        36 Europe/Budapest
        370 Europe/Vilnius
        371 Europe/Riga
        372 Europe/Tallinn
        373 Europe/Chisinau
        374 Asia/Yerevan
        375 Europe/Minsk
        376 Europe/Andorra
        377 Europe/Monaco
        378 Europe/San_Marino
        380 Europe/Kyiv Europe/Simferopol
        381 Europe/Belgrade
        382 Europe/Podgorica
        385 Europe/Zagreb
        386 Europe/Ljubljana
        387 Europe/Sarajevo
        389 Europe/Skopje
        39 Europe/Rome Europe/Vatican
        40 Europe/Bucharest
        41 Europe/Zurich
        420 Europe/Prague
        421 Europe/Bratislava
        423 Europe/Vaduz
        43 Europe/Vienna
        44 Europe/Guernsey Europe/Isle_of_Man Europe/Jersey Europe/London
        45 Europe/Copenhagen
        46 Europe/Stockholm
        47 Arctic/Longyearbyen Europe/Oslo
        48 Europe/Warsaw
        49 Europe/Berlin Europe/Busingen
        500 Atlantic/Stanley
        501 America/Belize
        502 America/Guatemala
        503 America/El_Salvador
        504 America/Tegucigalpa
        505 America/Managua
        506 America/Costa_Rica
        507 America/Panama
        508 America/Miquelon
        509 America/Port-au-Prince
        51 America/Lima
        52 America/Bahia_Banderas America/Cancun America/Chihuahua America/Ciudad_Juarez America/Hermosillo \
          America/Matamoros America/Mazatlan America/Merida America/Mexico_City America/Monterrey America/Ojinaga \
          America/Tijuana
        53 America/Havana
        54 America/Argentina/Buenos_Aires America/Argentina/Catamarca America/Argentina/Cordoba America/Argentina/Jujuy \
          America/Argentina/La_Rioja America/Argentina/Mendoza America/Argentina/Rio_Gallegos America/Argentina/Salta \
          America/Argentina/San_Juan America/Argentina/San_Luis America/Argentina/Tucuman America/Argentina/Ushuaia
        55 America/Araguaina America/Bahia America/Belem America/Boa_Vista America/Campo_Grande America/Cuiaba \
          America/Eirunepe America/Fortaleza America/Maceio America/Manaus America/Noronha America/Porto_Velho \
          America/Recife America/Rio_Branco America/Santarem America/Sao_Paulo
        56 America/Coyhaique America/Punta_Arenas America/Santiago Pacific/Easter
        57 America/Bogota
        58 America/Caracas
        590 America/Guadeloupe America/Marigot America/St_Barthelemy
        591 America/La_Paz
        592 America/Guyana
        593 America/Guayaquil Pacific/Galapagos
        594 America/Cayenne
        595 America/Asuncion
        596 America/Martinique
        597 America/Paramaribo
        598 America/Montevideo
        599 America/Curacao America/Kralendijk
        60 Asia/Kuala_Lumpur Asia/Kuching
        61 Antarctica/Macquarie Australia/Adelaide Australia/Brisbane Australia/Broken_Hill Australia/Darwin \
          Australia/Eucla Australia/Hobart Australia/Lindeman Australia/Lord_Howe Australia/Melbourne Australia/Perth \
          Australia/Sydney Indian/Christmas Indian/Cocos
        62 Asia/Jakarta Asia/Jayapura Asia/Makassar Asia/Pontianak
        63 Asia/Manila
        64 Pacific/Auckland Pacific/Chatham
        65 Asia/Singapore
        66 Asia/Bangkok
        670 Asia/Dili
        672 Pacific/Norfolk
        673 Asia/Brunei
        674 Pacific/Nauru
        675 Pacific/Bougainville Pacific/Port_Moresby
        676 Pacific/Tongatapu
        677 Pacific/Guadalcanal
        678 Pacific/Efate
        679 Pacific/Fiji
        680 Pacific/Palau
        681 Pacific/Wallis
        682 Pacific/Rarotonga
        683 Pacific/Niue
        685 Pacific/Apia
        686 Pacific/Kanton Pacific/Kiritimati Pacific/Tarawa
        687 Pacific/Noumea
        688 Pacific/Funafuti
        689 Pacific/Gambier Pacific/Marquesas Pacific/Tahiti
        690 Pacific/Fakaofo
        691 Pacific/Chuuk Pacific/Kosrae Pacific/Pohnpei
        692 Pacific/Kwajalein Pacific/Majuro
        7 Asia/Almaty Asia/Anadyr Asia/Aqtau Asia/Aqtobe Asia/Atyrau Asia/Barnaul Asia/Chita Asia/Irkutsk Asia/Kamchatka \
          Asia/Khandyga Asia/Krasnoyarsk Asia/Magadan Asia/Novokuznetsk Asia/Novosibirsk Asia/Omsk Asia/Oral Asia/Qostanay \
          Asia/Qyzylorda Asia/Sakhalin Asia/Srednekolymsk Asia/Tomsk Asia/Ust-Nera Asia/Vladivostok Asia/Yakutsk \
          Asia/Yekaterinburg Europe/Astrakhan Europe/Kaliningrad Europe/Kirov Europe/Moscow Europe/Samara Europe/Saratov \
          Europe/Ulyanovsk Europe/Volgograd
        81 Asia/Tokyo
        82 Asia/Seoul
        84 Asia/Ho_Chi_Minh
        850 Asia/Pyongyang
        852 Asia/Hong_Kong
        853 Asia/Macau
        855 Asia/Phnom_Penh
        856 Asia/Vientiane
        86 Asia/Shanghai Asia/Urumqi
        880 Asia/Dhaka
        886 Asia/Taipei
        90 Europe/Istanbul
        91 Asia/Kolkata
        92 Asia/Karachi
        93 Asia/Kabul
        94 Asia/Colombo
        95 Asia/Yangon
        960 Indian/Maldives
        961 Asia/Beirut
        962 Asia/Amman
        963 Asia/Damascus
        964 Asia/Baghdad
        965 Asia/Kuwait
        966 Asia/Riyadh
        967 Asia/Aden
        968 Asia/Muscat
        970 Asia/Gaza Asia/Hebron
        971 Asia/Dubai
        972 Asia/Jerusalem
        973 Asia/Bahrain
        974 Asia/Qatar
        975 Asia/Thimphu
        976 Asia/Hovd Asia/Ulaanbaatar
        977 Asia/Kathmandu
        98 Asia/Tehran
        992 Asia/Dushanbe
        993 Asia/Ashgabat
        994 Asia/Baku
        995 Asia/Tbilisi
        996 Asia/Bishkek
        998 Asia/Samarkand Asia/Tashkent
        """
}
