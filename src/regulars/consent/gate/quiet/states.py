"""The states of the United States, Canada and Australia: their names, time zones, postcodes and area codes.

A state that two zones share has both. Sources: 49 CFR part 71 for the zones of the United States, the three-digit prefixes of
the Postal Service for its ZIP codes, the North American Numbering Plan for its area codes.
"""

# code, name, zones (of the tz database, without the leading America/, Pacific/ or Australia/), area codes
_UNITED_STATES = """
AL|Alabama|Chicago|205 251 256 334 659 938
AK|Alaska|Anchorage Adak|907
AZ|Arizona|Phoenix Denver|480 520 602 623 928
AR|Arkansas|Chicago|327 479 501 870
CA|California|Los_Angeles|209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 760 805 818 820 831 840 858 909 916 925 949 951
CO|Colorado|Denver|303 719 720 748 970 983
CT|Connecticut|New_York|203 475 860 959
DE|Delaware|New_York|302
DC|District of Columbia|New_York|202 771
FL|Florida|New_York Chicago|239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954
GA|Georgia|New_York|229 404 470 478 678 706 762 770 912 943
HI|Hawaii|Honolulu|808
ID|Idaho|Denver Los_Angeles|208 986
IL|Illinois|Chicago|217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872
IN|Indiana|New_York Chicago|219 260 317 463 574 765 812 930
IA|Iowa|Chicago|319 515 563 641 712
KS|Kansas|Chicago Denver|316 620 785 913
KY|Kentucky|New_York Chicago|270 364 502 606 859
LA|Louisiana|Chicago|225 318 337 504 985
ME|Maine|New_York|207
MD|Maryland|New_York|227 240 301 410 443 667
MA|Massachusetts|New_York|339 351 413 508 617 774 781 857 978
MI|Michigan|New_York Chicago|231 248 269 313 517 586 616 734 810 906 947 989
MN|Minnesota|Chicago|218 320 507 612 651 763 924 952
MS|Mississippi|Chicago|228 471 601 662 769
MO|Missouri|Chicago|235 314 417 557 573 636 660 816 975
MT|Montana|Denver|406
NE|Nebraska|Chicago Denver|308 402 531
NV|Nevada|Los_Angeles Denver|702 725 775
NH|New Hampshire|New_York|603
NJ|New Jersey|New_York|201 551 609 640 732 848 856 862 908 973
NM|New Mexico|Denver|505 575
NY|New York|New_York|212 315 329 332 347 363 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934
NC|North Carolina|New_York|252 336 472 704 743 828 910 919 980 984
ND|North Dakota|Chicago Denver|701
OH|Ohio|New_York|216 220 234 283 326 330 380 419 436 440 513 567 614 740 937
OK|Oklahoma|Chicago Denver|405 539 572 580 918
OR|Oregon|Los_Angeles Denver|458 503 541 971
PA|Pennsylvania|New_York|215 223 267 272 412 445 484 570 582 610 717 724 814 835 878
RI|Rhode Island|New_York|401
SC|South Carolina|New_York|803 821 839 843 854 864
SD|South Dakota|Chicago Denver|605
TN|Tennessee|Chicago New_York|423 615 629 731 865 901 931
TX|Texas|Chicago Denver|210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972 979
UT|Utah|Denver|385 435 801
VT|Vermont|New_York|802
VA|Virginia|New_York|276 434 540 571 686 703 757 804 826 948
WA|Washington|Los_Angeles|206 253 360 425 509 564
WV|West Virginia|New_York|304 681
WI|Wisconsin|Chicago|262 274 353 414 534 608 715 920
WY|Wyoming|Denver|307
PR|Puerto Rico|Puerto_Rico|787 939
VI|U.S. Virgin Islands|St_Thomas|340
GU|Guam|Guam|671
MP|Northern Mariana Islands|Guam|670
AS|American Samoa|Pago_Pago|684
"""

_CANADA = """
AB|Alberta|Edmonton|
BC|British Columbia|Vancouver Edmonton Fort_Nelson|
MB|Manitoba|Winnipeg|
NB|New Brunswick|Halifax|
NL|Newfoundland and Labrador|St_Johns Halifax|
NS|Nova Scotia|Halifax|
NT|Northwest Territories|Edmonton|
NU|Nunavut|Toronto Winnipeg Edmonton Panama|
ON|Ontario|Toronto Winnipeg Panama|
PE|Prince Edward Island|Halifax|
QC|Quebec|Toronto Halifax Puerto_Rico|
SK|Saskatchewan|Regina Edmonton|
YT|Yukon|Whitehorse|
"""

_AUSTRALIA = """
ACT|Australian Capital Territory|Sydney|
NSW|New South Wales|Sydney Brisbane Adelaide Lord_Howe|
NT|Northern Territory|Darwin|
QLD|Queensland|Brisbane|
SA|South Australia|Adelaide|
TAS|Tasmania|Hobart|
VIC|Victoria|Melbourne|
WA|Western Australia|Perth Eucla|
"""

# The first three digits of a ZIP code, with the state they belong to; those of the forces abroad are left out on purpose.
_ZIP_CODES = """
005 NY 006-007 PR 008 VI 009 PR 010-027 MA 028-029 RI 030-038 NH 039-049 ME 050-054 VT 055 MA 056-059 VT 060-062 CT 063 CT,NY
064-069 CT 070-089 NJ 100-149 NY 150-196 PA 197-199 DE 200 DC 201 VA 202-205 DC 206-219 MD 220-246 VA 247-268 WV 270-289 NC
290-299 SC 300-319 GA 320-339 FL 341-342 FL 344 FL 346-347 FL 349 FL 350-352 AL 354-369 AL 370-385 TN 386-397 MS 398-399 GA
400-427 KY 430-459 OH 460-479 IN 480-499 MI 500-528 IA 530-549 WI 550-567 MN 569 DC 570-577 SD 580-588 ND 590-599 MT 600-629 IL
630-658 MO 660-679 KS 680-693 NE 700-714 LA 716-729 AR 730-732 OK 733 TX 734-749 OK 750-799 TX 800-816 CO 820-831 WY 832-838 ID
840-847 UT 850-865 AZ 870-884 NM 885 TX 889-898 NV 900-961 CA 967-968 HI 969 GU 970-979 OR 980-994 WA 995-999 AK
"""

_OCEANS = {"Honolulu": "Pacific", "Guam": "Pacific", "Pago_Pago": "Pacific"}
_AUSTRALIAN = frozenset(
    ["Sydney", "Brisbane", "Adelaide", "Lord_Howe", "Darwin", "Hobart", "Melbourne", "Perth", "Eucla"]
)

STATES: dict[tuple[str, str], tuple[str, ...]] = {}  # (country, code) -> zones, the most likely first
CODES: dict[tuple[str, str], str] = {}  # (country, name or code in upper case) -> code
AREA_CODES: dict[str, str] = {}  # area code -> state of the United States
ZIP_CODES: dict[str, tuple[str, ...]] = {}  # first three digits -> states


def _read_states() -> None:
    for country, table in (("US", _UNITED_STATES), ("CA", _CANADA), ("AU", _AUSTRALIA)):
        for line in table.strip().splitlines():
            code, name, zones, area_codes = line.split("|")
            STATES[country, code] = tuple(_full(zone) for zone in zones.split())
            CODES[country, code] = CODES[country, name.upper()] = CODES[country, f"{country}-{code}"] = code
            AREA_CODES.update(dict.fromkeys(area_codes.split(), code))


def _full(zone: str) -> str:
    continent = "Australia" if zone in _AUSTRALIAN else _OCEANS.get(zone, "America")
    return f"{continent}/{zone}"


def _read_zip_codes() -> None:
    words = _ZIP_CODES.split()
    for span, states in zip(words[::2], words[1::2], strict=True):
        first, _, last = span.partition("-")
        for prefix in range(int(first), int(last or first) + 1):
            ZIP_CODES[f"{prefix:03}"] = tuple(states.split(","))


_read_states()
_read_zip_codes()
