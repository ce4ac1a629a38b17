"""Names for made-up clients, of many origins; enough of them that a search has something to tell apart. All invented."""

from isva.demo.names import EITHER, MEN, WOMEN

FIRST = (
    *WOMEN, *MEN, *EITHER,
    "Aisha", "Mohammed", "Fatima", "Yusuf", "Zainab", "Ibrahim", "Maryam", "Hassan", "Noor", "Tariq", "Priya", "Arjun",
    "Anjali", "Ravi", "Deepa", "Harpreet", "Gurdeep", "Simran", "Nasreen", "Imran", "Chidi", "Adaeze", "Ngozi", "Emeka",
    "Kwame", "Abena", "Amara", "Oluwaseun", "Temitope", "Zanele", "Thandiwe", "Tendai", "Wiktoria", "Łukasz", "Zofia",
    "Wojciech", "Małgorzata", "Oksana", "Taras", "Kateryna", "Ioana", "Andrei", "Ştefania", "Dragoş", "Elif", "Emre",
    "Zeynep", "Oğuz", "Parisa", "Reza", "Shirin", "Xiaoyu", "Mei", "Jun", "Linh", "Thảo", "Minh", "Hye-jin", "Soo-ah",
    "Siobhán", "Niamh", "Ciarán", "Aoife", "Angharad", "Llŷr", "Eilidh", "Hamish", "João", "Inês", "Sofía", "Íñigo",
    "Chloë", "Zoé", "François", "Jürgen", "Søren", "Åsa", "Mary-Ann", "Anne-Marie", "Jean-Luc", "Tegan", "Kayleigh",
)  # fmt: skip
#: Family names are put together from a beginning and an ending.
BEGINNINGS = (
    "Alder", "Apple", "Ash", "Badger", "Bel", "Birch", "Black", "Bram", "Brook", "Can", "Car", "Clover", "Cop", "Dan",
    "Day", "Deer", "Dun", "Elder", "Elm", "Fair", "Fen", "Fern", "Finch", "Flax", "Fox", "Gar", "Gold", "Gran", "Hal",
    "Hart", "Haw", "Hazel", "Heath", "Her", "Hol", "Kes", "King", "Lark", "Lin", "Lock", "Mal", "Mar", "Mead", "Mil",
    "Moor", "Nor", "Oak", "Otter", "Pen", "Pike", "Quill", "Raven", "Red", "Ros", "Sand", "Sel", "Shel", "Stan", "Thorn",
    "Wen", "Whit", "Wil", "Win", "Wood", "Wren", "Yar",
)  # fmt: skip
ENDINGS = (
    "beck", "berg", "bourne", "bridge", "burn", "bury", "by", "castle", "combe", "cote", "croft", "dale", "den", "ell",
    "ett", "feld", "field", "ford", "gate", "ham", "hart", "hill", "holm", "hurst", "ing", "kin", "land", "leigh", "ley",
    "low", "man", "mead", "mere", "mont", "more", "ner", "ney", "over", "ridge", "rose", "sen", "shaw", "son", "stead",
    "stone", "stow", "thorpe", "ton", "wald", "ward", "way", "well", "wick", "wood", "worth", "wright",
)  # fmt: skip
NOTES = (
    "We went through how the week has been and what would help before the next appointment.",
    "Talked about sleep, and about who at work knows and who should not. A fictional note of ordinary length, so that a "
    "row weighs what a row weighs: what was said, what was agreed, what each of us will do until we speak again.",
    "Rang the officer together. Nothing new from the police; next update promised within two weeks.",
    "Short call at the agreed time. All quiet. Plan stands.",
    "Sent the letter for housing as agreed, and explained what happens next. " * 3,
    "",
)
AREAS = ("Eastmere", "Kelpton", "Marrowby", "Saltholm")
