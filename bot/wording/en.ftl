# What people read in English. Keep it short, kind and useful.

welcome =
    Hello! I know an archive of articles and answer from it, with excerpts and links.

    • Just send me a question in your own words, English or Chinese.
    • /latest, /tags and /random let you look around.
    • /subscribe tells you of each new article.
    • /help tells the rest.

welcome-examples = For example, touch one of these:

link-forgotten = I do not remember the question that this link stands for. Please send it to me in words.

help =
    Here is what I can do:

    • Send me a question, and I show the passages that answer it best.
    • /ask and a question does the same. In a group ask so, by my @name, or in reply to what I sent.
    • /latest shows the newest articles, /latest { $most } up to { $most } of them, /latest #LLM those with a tag.
    • /tags shows all tags, /random any article, /article and a link the article there.
    • Narrow a question down: tag:LLM, source:Blog, after:2026-03, before:2027, "words that must stand there together", -word that must not. Filters alone show the newest that pass.

    And I tell you of new articles:

    • /subscribe – every one of them
    • /subscribe #LLM – those with a tag
    • /subscribe "KV cache" -vLLM – those with these words, without that one
    • /subscribe about saving memory in training – a subject in your own words
    • /subscriptions shows what you are subscribed to, /unsubscribe ends it.
    • /settings: at once or as a daily or weekly digest, quiet hours, time zone, sound.
    • /language chooses the language that I speak.
    • In a group its administrators can do this; for a channel of yours, make me an administrator there and send me /subscribe @channel.

    /privacy says what I keep of you, and /forget deletes it.

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

latest-usage =
    How many would you like, up to { $most }, and of what? For example:

    /latest { $example }
    /latest #LLM
    /latest source:Blog 10

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
menu-tags = Find articles by tag
menu-random = Show any article
menu-help = What I can do
menu-subscribe = Hear of new articles
menu-subscriptions = What you are subscribed to
menu-unsubscribe = End a subscription
menu-settings = When and how new articles come
menu-language = Choose the language
menu-privacy = What I keep of you
menu-admin = Look after the bot

# Subscribing

subscribed = Subscribed: { $wish }.

subscribed-channel = Subscribed for { $channel }: { $wish }.

subscribed-when = Nothing old is sent. New articles come { $rhythm }; /settings{ $where } changes that, /subscriptions{ $where } shows all there is.

subscribed-paused = Announcements are paused at the moment. /settings{ $where } lets them go on.

already-subscribed = You have this already: { $wish }. /subscriptions{ $where } shows all.

would-have-matched = { $count ->
    [one] Of the latest articles, this one would have been announced:
   *[other] Of the latest articles, these { $count } would have been announced:
}

would-have-matched-many = { $count } of the latest articles would have been announced, the newest:

would-have-matched-none = None of the latest articles would have been announced. You will hear of the next one that fits.

would-have-matched-unknown = I cannot show yet which of the latest articles would have been announced, for I am still preparing the archive. Your subscription counts all the same.

strictness-changed = Changed to: { $wish }.

too-many-subscriptions = That would be more than { $most } subscriptions here. Please remove one first: /subscriptions

wish-too-long = That is too long for me. Please say it in at most { $most } characters.

wish-too-many = That is too much at once. Please name at most { $most } tags and words.

wish-only-not = You said only what you do not want. Please add a tag, a word or a subject that you do want.

wish-no-subject = About what? For example: /subscribe about saving memory in training

wish-no-source = I cannot subscribe to a single source. A tag, words or a subject will do: /help shows how.

wish-no-dates = New articles come from now on, so dates make no difference. Please leave them out.

wish-not-tag = I can leave out words, but not tags. Please name the tags you do want, or words to leave out, such as -vLLM

wish-channel-first = Please name the channel first, and with its @name: /subscribe @channel #LLM. Where you mean a word with @ in it, put it into quotes.

wish-never = Nothing could ever match: “{ $word }” would have to stand there and must not. Please leave out one of the two.

wish-nothing-said = I see only signs there. Please name a tag, a word or a subject: /help shows how.

subscriptions-heading = { $count ->
    [one] One subscription
   *[other] { $count } subscriptions
}

subscriptions-heading-channel = { $count ->
    [one] One subscription of { $channel }
   *[other] { $count } subscriptions of { $channel }
}

subscriptions-remove = Touch one to remove it.

subscriptions-page = Page { $page } of { $pages }

no-subscriptions = There are no subscriptions here yet. /subscribe brings every new article; /help shows how to choose.

no-subscriptions-channel = { $channel } has no subscriptions yet. /subscribe{ $where } has every new article announced there; /help shows how to choose.

unsubscribed = Removed: { $wish }.

unsubscribed-all = { $count ->
    [one] Removed your subscription. You will hear no more of new articles.
   *[other] Removed all { $count } subscriptions. You will hear no more of new articles.
}

unsubscribed-channel = Removed for { $channel }: { $wish }.

unsubscribed-all-channel = { $count ->
    [one] Removed the subscription of { $channel }. New articles will not be announced there any more.
   *[other] Removed all { $count } subscriptions of { $channel }. New articles will not be announced there any more.
}

unsubscribe-which = Which one should I remove? /unsubscribe all removes them all.

unsubscribe-unknown = There is no such subscription here: { $wish }.

nothing-to-unsubscribe = There is nothing to remove: you have no subscriptions here.

subscription-gone = This subscription was removed already.

wish-everything = every new article

wish-but-not = { $wish } but not { $words }

wish-about = about “{ $topic }”

wish-strictness-loosest = { $wish } (much looser)
wish-strictness-loose = { $wish } (looser)
wish-strictness-strict = { $wish } (stricter)
wish-strictness-strictest = { $wish } (much stricter)

wish-quoted = “{ $words }”

words-and = { $words } and { $last }
words-or = { $words } or { $last }
words-comma = { $words }, { $next }

# Who may, and channels

admins-only = Only the administrators of this group can change this.

channel-unknown = I cannot find the channel { $channel }. Is its name right, and am I an administrator there?

channel-not-a-channel = { $channel } is not a channel. In a group, please send the command there.

channel-add-me = Please make me an administrator of { $channel } with the right to post messages, then send this again.

channel-admins-only = Only an administrator of { $channel } can do this.

channel-private-only = Please send me this in our private chat.

channel-added = I can post in { $channel } now. To announce new articles there, send me: /subscribe { $channel }

channel-added-nameless = I can post in “{ $title }” now. To announce new articles there, send me: /subscribe { $number }

group-hello = Hello! I know an archive of articles. Ask me with /ask and a question, or by my @name. Administrators can have new articles announced here: /subscribe

awake-again = { $count ->
    [one] Welcome back! Your subscription is awake again.
   *[other] Welcome back! Your { $count } subscriptions are awake again.
}

# Settings

settings-heading = Settings
settings-heading-channel = Settings of { $channel }

settings-when = New articles come { $rhythm }.
settings-when-resumed = After resuming: new articles come { $rhythm }.
settings-no-subscriptions = There are no subscriptions here yet: /subscribe{ $where }
settings-zone = Time zone: { $zone }, where it is { $time } now.
settings-quiet = Quiet hours: { $hours }. What comes meanwhile waits until they end.
settings-never-quiet = No quiet hours.
settings-sound = Messages come with a sound.
settings-silent = Messages come without a sound.
settings-preview = Links are shown with a preview.
settings-no-preview = Links are shown without a preview.
settings-paused = Paused: nothing is announced, and what appears meanwhile is not sent later.

settings-choose-rhythm = When shall new articles come?
settings-choose-hour = At what hour shall the digest come?
settings-choose-weekday = On what day shall the digest come?
settings-choose-quiet = When shall I keep quiet? Any other hours: /settings{ $where } quiet 22:30-07:00
settings-choose-zone = Where are you? Any other place: /settings{ $where } zone Lisbon

settings-usage =
    /settings shows all of it, with buttons. These can be typed as well:

    /settings zone Lisbon
    /settings quiet 22:30-07:00
    /settings quiet off
    /settings daily 9
    /settings weekly fri 18
    /settings now
    /settings silent on
    /settings preview off
    /settings pause
    /settings resume

setting-saved = Saved.
setting-paused = Paused. Nothing is announced until you resume, and what still waited is not sent.
setting-resumed = Going on. What appeared meanwhile is not sent.

zone-unknown = I do not know the place “{ $words }”. Try a large city, or a difference such as UTC+8.
zone-several = Which one do you mean?

hours-not-understood = I do not understand these hours. For example: /settings quiet 22:30-07:00, or /settings quiet off

hour-not-understood = I do not understand this hour. A full hour from 0 to 23 will do, for example: /settings daily 9

rhythm-at-once = at once
rhythm-daily = every day at { $time }
rhythm-weekly = every { $day } at { $time }

day-monday = Monday
day-tuesday = Tuesday
day-wednesday = Wednesday
day-thursday = Thursday
day-friday = Friday
day-saturday = Saturday
day-sunday = Sunday

city-utc = UTC
city-shanghai = Shanghai
city-hong-kong = Hong Kong
city-taipei = Taipei
city-singapore = Singapore
city-tokyo = Tokyo
city-seoul = Seoul
city-kolkata = Kolkata
city-dubai = Dubai
city-moscow = Moscow
city-berlin = Berlin
city-london = London
city-sao-paulo = São Paulo
city-new-york = New York
city-chicago = Chicago
city-denver = Denver
city-los-angeles = Los Angeles
city-sydney = Sydney

# Notices

notice-again = You may have had this already: Telegram did not tell me whether it arrived.

listing-burst = { $count ->
    [one] One new article
   *[other] { $count } new articles
}

listing-digest = { $count ->
    [one] Digest: one new article
   *[other] Digest: { $count } new articles
}

listing-backlog = { $count ->
    [one] Meanwhile one article appeared
   *[other] Meanwhile { $count } articles appeared
}

listing-others = Other

listing-more = { $count ->
    [one] … and one more, see /latest
   *[other] … and { $count } more, see /latest
}

listing-more-channel = { $count ->
    [one] … and one more
   *[other] … and { $count } more
}

ask-about-prompt = What would you like to know about “{ $title }”? Please reply to this message.
ask-about-placeholder = Your question about the article

more-like-this = More like “{ $title }”
no-more-like-this = The archive has nothing else like “{ $title }”.

article-gone = This article is no longer in the archive.

stopped-by-button = Stopped: { $wish }.
restored = Back again: { $wish }.
restored-already = This is back already.
stopped-already = This was stopped already.

button-old = This button is too old. Please send the command again.

# Buttons

button-ask = Ask about this
button-like = More like this
button-stop = Stop these
button-undo = Undo
button-remove = Remove
button-stricter = Stricter
button-looser = Looser
button-back = « Back
button-next = Next »
button-rhythm = When
button-hour = Hour
button-weekday = Day
button-quiet = Quiet hours
button-zone = Time zone
button-at-once = At once
button-daily = Daily digest
button-weekly = Weekly digest
button-never-quiet = No quiet hours
button-silent = Without sound
button-sound = With sound
button-preview = Show previews
button-no-preview = Hide previews
button-pause = Pause
button-resume = Resume

# Browsing

latest-heading-of = { $count ->
    [one] The newest article: { $names }
   *[other] The newest { $count } articles: { $names }
}

latest-further = { $count ->
    [one] Article { $first }
   *[other] Articles { $first } to { $last }
}

latest-further-of = { $count ->
    [one] Article { $first }: { $names }
   *[other] Articles { $first } to { $last }: { $names }
}

latest-none-of = No article has all of this: { $names }
latest-gone = The archive has none of these any more. /latest shows what there is.
latest-unknown = No article has a tag “{ $name }”, and no source is called so.
latest-unknown-tag = No article has the tag “{ $name }”.
latest-unknown-source = No source is called “{ $name }”.
latest-sources = There are: { $names }.
latest-near = Did you mean one of these?
latest-see-tags = /tags shows all tags.

tags-heading = { $count ->
    [one] One tag. Touch it to see its newest articles.
   *[other] { $count } tags, the most frequent first. Touch one to see its newest articles.
}
tags-most-frequent = The most frequent tags:
no-tags = The articles here have no tags. /latest shows the newest.

button-newer = ‹ Newer
button-older = Older ›

# Answers

elsewhere = “{ $title }” says nothing on this, as far as I can see. From the whole archive:

nowhere =
    “{ $title }” says nothing on this, and neither does the rest of the archive, as far as I can see.

    Other words may help, and /latest shows what is new.

hit-gone = No longer in the archive.

vote-good = Thanks, good to know!
vote-bad = Thanks for telling me! It helps to find better answers.
vote-again = You said so already. Thank you!

button-whole = Whole excerpt { $number }
button-like-hit = More like { $number }

# One article

article-usage =
    Which article? Put its link behind the command, or send /article in reply to a message that has one. For example:

    /article https://blog.example.org/some-article

article-unknown = The archive has no article at this address. Send me a question about its subject, and I look for what it does have.

button-share = Share

# Sharing

share-ready = This link asks the question, whoever opens it:
share-forgotten = I do not remember this question any more. Please ask it again, then share it.

# Privacy

privacy =
    This is what I keep:

    • Subscriptions and settings: the number of this chat, of a group or channel also its name, its language and time zone, what you wished for, and which articles I announced. Until you delete it.
    • Answers: where and by whom (a number) I was asked, and which passages I found, so that buttons and replies work. The newest 20,000 of everybody's.
    • The words of questions: { $days ->
        [0] not stored. The last thousand are in memory for a while.
        [one] stored beside the answer for { $days } day.
       *[other] stored beside the answer for { $days } days.
    }
    • 👍 and 👎: your number, the question and what I had found, to make the search better. Until you delete it.
    • The language that you chose, and when you wrote first and last.
    • How much you asked lately: a count in memory alone, so that nobody asks too much. Deleting does not set it back.
    • Where not everybody may use me: that you came with a code, and which group or channel you subscribed.
    • A question that you share and that does not fit into a link: without who asked it. The last 10,000 of everybody's.

    I keep no other messages and no names of people. The owner's log may hold numbers of chats.

    /forget deletes all that there is of you, at once.

forget-ask = Shall I delete everything I keep of you: subscriptions, settings, answers and votes? It cannot be brought back, and new articles will not come any more.
forget-ask-chat = Shall I delete everything I keep of “{ $title }”: subscriptions, settings, answers and votes? It cannot be brought back, and new articles will not come any more.
forget-typed = To delete everything I keep of you, please write: /forget everything
forget-admins-only = Only an administrator can do this.
forgotten = All of it is deleted. Subscriptions: { $subscriptions }, announcements: { $announcements }, answers: { $answers }, votes: { $votes }.
forgotten-anew = To begin anew, send /start.
forgotten-nothing = There is nothing to delete here.
button-forget = Forget everything

# Language

language-which = Which language shall I speak with you? You can also type it: /language English
language-which-group = Which language shall I speak in this group?
language-which-channel = In which language shall I announce articles in { $channel }?
language-unknown = I do not speak that yet.

language-chosen = From now on I speak { $language } with you.
language-chosen-group = From now on I speak { $language } here.
language-chosen-channel = From now on I announce articles in { $channel } in { $language }.
language-client = From now on I speak the language of your app.
language-each = From now on I answer everyone here in the language of their app.

button-language-client = As my app does
button-language-each = Everyone in their own

# Groups, and what is forwarded

mention-usage =
    What would you like to know? Write it beside my name, for example:

    @{ $name } How does gradient checkpointing save memory?

forwarded-command = A command that is forwarded does nothing. Please send it to me yourself.

# Limits

limit-seconds = { $seconds ->
    [one] That was a lot in a short time. Please wait { $seconds } second, then ask again.
   *[other] That was a lot in a short time. Please wait { $seconds } seconds, then ask again.
}
limit-hours = { $hours ->
    [one] That was a lot for one day. Please wait { $hours } hour, then ask again.
   *[other] That was a lot for one day. Please wait { $hours } hours, then ask again.
}
limit-minutes = { $minutes ->
    [one] That was a lot in a short time. Please wait { $minutes } minute, then ask again.
   *[other] That was a lot in a short time. Please wait { $minutes } minutes, then ask again.
}

# In any chat

inline-nothing = The archive has nothing on this, as far as I can see.
inline-other-words = Other words may help.
inline-ask-here = Ask me in private
inline-preparing = Still preparing the archive, please try again soon
inline-down = Something is down here, please try again later

# What Telegram shows of the bot itself

profile-about = I know an archive of articles. Ask me anything: I answer with its own passages and their links.

profile-description =
    Ask me about anything in this archive of articles, in English or in Chinese, and I show the passages that answer it best, with their links.

    I can also tell you of new articles: of all, or of your own subjects, at once or once a day.

# Who may use the bot

access-listed = Hello! I answer only people whom the owner has let in. To be one of them, please give the owner your number: { $number }

access-invited = Hello! I answer only people who were invited. If you have a code, please send it to me like this: /start CODE

access-wrong = This is not the code. Please look at it once more, or ask whoever invited you.
access-too-many = Those were several wrong codes. Please wait an hour, then try again.

access-group = Hello! Everybody in this group may ask me now: /ask and a question. Administrators can have new articles announced here: /subscribe
access-group-few = Hello! I know an archive of articles. Here I answer only people whom I know: /ask and a question.
access-group-code = If everybody here is to ask me, an administrator sends me the code: /start CODE
access-admins-only = Only an administrator of this group can let everybody in.

access-button = I answer only people who were let in. Please write to me in private.
access-inline = Only for people who were let in

forget-invitation = You came with an invitation code. To use me again, you would need it once more.
forgotten-invitation = To use me again, please send: /start CODE
forgotten-vouched = Groups and channels that heard of new articles because of you hear no more until an administrator subscribes again.

# Looking after the bot

admin-heading = Looking after me
admin-all-well = All is well.
admin-sources-fail = { $count ->
    [one] ⚠ { $count } source cannot be read.
   *[other] ⚠ { $count } sources cannot be read.
}
admin-letters-wait = { $count ->
    [one] ⚠ { $count } delivery was given up.
   *[other] ⚠ { $count } deliveries were given up.
}
admin-as-of = As of { $moment }.

admin-statistics = Statistics
admin-archive = Archive: { $articles } articles, { $excerpts } excerpts.
admin-index-ready = The index is ready.
admin-index-share = The index is being built: { $percent } % done.
admin-places = Subscribed: { $private } private chats, { $groups } groups, { $channels } channels.
admin-deaf = Of these asleep (they cannot hear me): { $asleep }, paused: { $paused }.
admin-wishes = Subscriptions: to everything { $everything }, to tags { $tags }, to words { $words }, to subjects { $topics }.
admin-deliveries = Deliveries: { $waiting } wait, { $sent } were sent in the last 24 hours, { $dead } were given up.
admin-answered = Questions answered: { $day } in the last 24 hours, { $week } in the last 7 days.
admin-votes = Votes: 👍 { $good }, 👎 { $bad }.

admin-sources = { $count ->
    [one] One source
   *[other] { $count } sources
}
admin-no-sources = There are no sources yet: archive-bot source add names one.
admin-source-new = Never looked at yet.
admin-source-holds = { $kind }, { $articles } articles
admin-source-looked = Looked at: { $moment }
admin-source-brought = Last brought something new: { $moment }
admin-source-fails = Fails since { $since }: { $reason }
admin-source-waits = Its server asks to be left alone until { $moment }.

admin-gather-which = What shall I gather now?
admin-gathers-nothing = I gather nothing here: there are no sources, or this process does not gather.
admin-gathering = Gathering { $names } …
admin-gathered = Gathered: { $names }
admin-came = New: { $new }, changed: { $changed }.
admin-gather-broken = This did not end. My log says more.
admin-more-troubles = … and { $count } more.

admin-letters = { $count ->
    [one] One delivery was given up
   *[other] { $count } deliveries were given up
}
admin-no-letters = Nothing was given up.
admin-again = It is sent again.
admin-again-all = { $count ->
    [one] { $count } delivery is sent again.
   *[other] { $count } deliveries are sent again.
}
admin-again-none = Nobody wishes to hear it any more, or it was sent already.

kind-private = Private chat
kind-group = Group
kind-channel = Channel

admin-announce = Announce to all
admin-announce-how = What you write goes to every place that is subscribed, not paused and can hear me: { $places } now. Quiet hours are kept. You see it first, and nothing is sent before you say so.
admin-spread = Arrived: { $sent }, waiting: { $waiting }, given up: { $dead }.
admin-spread-stopped = No longer wanted: { $count }.

announce-prompt = What shall I tell all? Please reply to this message with the text; bold, links and the like stay as they are.
announce-placeholder = The text for all
announce-text-only = I can announce text only, so far. Please write what you want to say, without pictures or files.
announce-too-long = That is too long for me by { $over } characters. Please say it in at most { $most }.
announce-nobody = Nobody would hear it: no place is subscribed, awake and not paused.
announce-sent = { $places ->
    [one] It goes to { $places } place.
   *[other] It goes to { $places } places.
}
announce-already = It was sent already.
announce-gone = This draft is no more. Please write it again.
announce-cancelled = Not sent: the draft is thrown away.

button-statistics = Statistics
button-sources = Sources
button-gather = Gather now
button-gather-all = All sources
button-failed = Failed deliveries
button-announce = Announce to all
button-refresh = Refresh
button-again = { $number } again
button-again-all = Send all again
button-write = Write
button-send-to = { $places ->
    [one] Send to { $places } place
   *[other] Send to { $places } places
}
button-cancel = Cancel
button-spread = How far is it?

# Words that are no question, where the archive has nothing on them.
courtesy-greeting = Hello! What would you like to know? Just ask; /help shows what else I can do.
courtesy-thanks = You are welcome! Ask again whenever you like.
courtesy-assent = Fine! If there is anything else you would like to know, just ask.
courtesy-farewell = Goodbye! I am here whenever you have a question.
