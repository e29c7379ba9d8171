# What people read in English. Keep it short, kind and useful.

welcome =
    Hello! I know an archive of articles and answer from it, with excerpts and links.

    Just send me a question in your own words, Chinese or English.

    /latest shows the newest articles, /help tells the rest.

help =
    Here is what I can do:

    • Send me a question, and I show the passages that answer it best.
    • /ask and a question does the same; in a group this is the way to ask.
    • /latest shows the newest articles, /latest { $most } up to { $most } of them.
    • Narrow a question down: tag:LLM, source:Blog, after:2026-03, before:2027, "words that must stand there together", -word that must not. Filters alone show the newest that pass.

    What I say comes word for word from the archive. When I find nothing, I say so.

ask-usage =
    What would you like to know? Put it behind the command, for example:

    /ask How does gradient checkpointing save memory?

nothing-found =
    The archive has nothing on this, as far as I can see.

    Other words may help, and /latest shows what is new.

nearest-heading = The nearest I have, though not an answer:

further-passages = More from this article:

filtered-heading = { $count ->
    [one] The newest article that matches
   *[other] The newest { $count } articles that match
}

latest-heading = { $count ->
    [one] The newest article
   *[other] The newest { $count } articles
}

latest-usage = How many would you like? Any number from 1 to { $most } will do, for example /latest { $example }

archive-empty = The archive holds no articles yet. Please come back a little later.

unknown-command = I do not know this command. /help shows what I can do, or simply send me a question.

words-only = I can only read words. Please send your question as text.

still-preparing = I am still preparing the archive. Please ask again in a few minutes.

still-preparing-progress = I am still preparing the archive ({ $percent } % done). Please ask again in a few minutes.

part-down = A part of me is down, so I cannot answer this now. The owner's log says more. Please try again later.

went-wrong = Sorry, something went wrong on my side. The owner's log says more. Please try again.

source-fails =
    The source “{ $source }” cannot be read since { $since }:

    { $reason }

    Its articles stay as they were, and I keep trying. I will tell you when it recovers.

source-recovered = The source “{ $source }” can be read again.

menu-ask = Ask the archive a question
menu-latest = Show the newest articles
menu-help = What I can do
