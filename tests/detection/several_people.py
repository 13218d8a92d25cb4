"""Photos of LFW with several people, found by running MTCNN, YuNet and SCRFD over all first photos.

The three agree on every face of these. Ten show two or three people whole and from the front, and
every detector finds them all. The others are every fourteenth of the 551 photos on which the
three agree: half of them have somebody at the edge, in profile, or out of focus.
"""

from __future__ import annotations

CLEAR = {
    "Carina_Lau_Ka-ling": 3,
    "Damon_Stoudamire": 3,
    "Gerard_Butler": 2,
    "Jane_Russell": 2,
    "Lindsay_Lohan": 2,
    "Manijeh_Hekmat": 3,
    "Mohammaed_Ahmad_Al_Jarallah": 2,
    "Rob_Schneider": 2,
    "Ron_Howard": 2,
    "Todd_Haynes": 2,
}

MIXED = {
    "Abdel_Aziz_Al-Hakim": 2,
    "Ally_Sheedy": 2,
    "Anne_ONeil": 2,
    "Bashar_Assad": 2,
    "Boris_Becker": 2,
    "Chadha_Gurinder": 2,
    "Claudia_Cardinale": 2,
    "Darlene_Garrettson": 2,
    "Debra_Shank": 2,
    "Dinah_Turner": 2,
    "Edie_Falco": 2,
    "Elvis_Costello": 2,
    "Frances_Fisher": 2,
    "Gavyn_Arthur": 3,
    "Gregor_Gysi": 2,
    "Helene_Eksterowicz": 2,
    "Igor_Ivanov": 2,
    "James_May": 2,
    "Jean_Charest": 2,
    "Joanne_Woodward": 2,
    "John_Sununu": 2,
    "Junichi_Inamoto": 2,
    "Kelly_Ripa": 2,
    "LK_Advani": 2,
    "Lindsay_Lohan": 2,
    "Marc_Grossman": 2,
    "Martin_Brooke": 2,
    "Michelle_Pfeiffer": 2,
    "Nate_Huffman": 2,
    "Park_Jung_Sung": 2,
    "Peter_Greenaway": 2,
    "Princess_Maxima": 2,
    "Rebecca_Romijn-Stamos": 2,
    "Rod_Blagojevich": 2,
    "Sadie_Frost": 2,
    "Shoshana_Johnson": 2,
    "Tanya_Holyk": 2,
    "Tom_Hanks": 2,
    "Vojislav_Seselj": 2,
    "Zahir_Shah": 2,
}
