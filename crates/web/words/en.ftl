# The words of the pages. Each is a whole sentence or phrase; nothing is glued from pieces.

## Frame
skip-to-content = Skip to main content
main-navigation = Pages
choose-province = Choose a province
search = Search
search-placeholder = Search stations, communes, places
appearance = Appearance
theme-auto = As the device
theme-light = Light
theme-dark = Dark
nav-map = Operations
nav-list = List
nav-sources = Data sources
nav-around = Around me
close = Close

## Operations page
operations-page = Operations page
layers = Layers
layer = Layer
all-layers = All layers
show-layers = Show the chosen layers
legend-unit = Unit: { $unit }
legend-stale = Hollow sign: the value is old
legend-replay = Gold dot: a replayed value
count-of-entities = Entities in this layer
view = View
view-map = Map
view-split = Split
view-list = List
map = Map
map-needs-script = The map needs JavaScript. The list holds everything that the map shows.
map-failed = This browser cannot draw the map. The list holds everything that the map shows.
list-of-map = List of what the map shows
details = Details
map-data = Map sources
software-licences = Licences of the software that ships
keys = Keys
key-search = Search
key-views = Map, split, list
key-rows = Next row, previous row
key-close = Close the details
live-on = Receiving live
live-waiting = Reconnecting
live-off = Not live
live-changed = { $name }: { $value }
live-changes = { $count } { $count ->
    [one] entity has
   *[other] entities have
  } new values
zoom-in = Zoom in
zoom-out = Zoom out
to-province = See the whole province
cluster-class = Highest: { $class }
cluster-of = A group of { $count } entities; zoom in to see each
needs-attention = Needs attention
nothing-needs-attention = No value is above a threshold now.
health-ok = { $count } { $count ->
    [one] source works
   *[other] sources work
  }
health-waiting = { $count } { $count ->
    [one] source waits
   *[other] sources wait
  } for data
health-silent = { $count } { $count ->
    [one] source is silent
   *[other] sources are silent
  }
health-error = { $count } { $count ->
    [one] source fails
   *[other] sources fail
  }
health-none = No sources yet

## List
list-title = List
list-empty = Nothing matches.
list-empty-hint = Try fewer words, another layer or a wider part of the map.
list-shown = { $from }–{ $to } of { $total }
list-shown-at-most = { $from }–{ $to } of at most { $total }
list-unsorted = There are too many to be put in order. Look at a smaller area or search for a name.
list-caption = The entities of the chosen layers; the headings of the columns sort them
remove-filter = Remove this condition
filter-words = Words: “{ $words }”
filter-box = Within the map
column-name = Name
column-value = Value
column-class = Class
column-age = Time
no-value = None yet
replayed = Replayed
pages = Pages of the list
previous-page = Previous page
next-page = Next page
page-of = Page { $page } of { $pages }
show-on-map = Show on the map
words = Words
filter = Filter

## Entity
attributes = Attributes
attributes-of = Attributes of { $name }
attribute = Attribute
value = Value
history = History
time-span = Time span
span-day = 24 hours
span-week = 7 days
span-month = 30 days
span-year = 1 year
no-history-in-span = There are no values in this time span.
show-numbers = Table of the { $count } values of the chart
numbers-of-chart = Values of the chart
time = Time
chart-title = How did { $measure } at { $name } change in the last { $span }?
chart-title-crossed = { $measure } at { $name } peaked at { $value }, above { $threshold }
chart-title-below = { $measure } at { $name } peaked at { $value }, below { $threshold }
chart-source = { $source }. Latest value at { $when }.
source-unknown = Source unknown
chart-source-thinned = { $source }. Latest value at { $when }. The chart keeps the highest and lowest value of every stretch of { $count } values.
links = Links
links-here-as = (points here: { $relation })
more-links-in = { $count } more entities point here.
origin = Origin
owner = Responsible body
feed = Source
place = Place
identifier = Identifier
in-the-graph-since = In the system since
last-changed = Last changed
changed-as-version = { $when }, version { $version }
raw-record = Raw record (NGSI-LD)
open-raw-record = Open the raw record
replayed-of = Replay of the value at { $when }
exercise = Exercise
value-is-stale = The value is old
quality-suspect-range = Outside the plausible range
quality-suspect-stuck = Unusually constant
quality-suspect-step = Unusual jump
quality-suspect-gap = Values before it are missing
quality-suspect-bounds = Implausible position
quality-swapped-coordinates = Coordinates were swapped back
quality-other = Needs checking
below-detection = Below the detection limit
masked = Masked to protect the person
yes = Yes
no = No
and-more = and { $count } more
age-unknown = Time unknown
age-recorded = Recorded: { $age }
age-now = Just now
age-minutes = { $n } min ago
age-hours = { $n } h ago
age-days = { $n } { $n ->
    [one] day
   *[other] days
  } ago

## Data sources
sources-title = Data sources
sources-summary-good = All { $count } sources work.
sources-summary-waiting = { $ok } work, { $waiting } wait for somebody to send data.
sources-summary = { $ok } of { $count } sources work. Silent and failing ones are listed first.
no-sources = There are no data sources yet.
all-sources = All data sources
source = Source
state = State
state-ok = Works
state-silent = Silent
state-error = Fails
state-stopped = Stopped
state-loaded = Loaded
state-waiting = Waiting for data
never-received = Nothing yet
received-before = Before this start
last-message = Last received
rate = Rate
rate-value = { $n }/min
lag = Lag
lag-value = { $n } s
lag-minutes = { $n } min
lag-hours = { $n } h
accepted = Accepted
rejected = Rejected
kind = How it arrives
kind-file = File that ships
kind-folder = Folder
kind-http-push = HTTP push
kind-http-poll = HTTP poll
kind-mqtt = MQTT
kind-gtfs = GTFS
kind-gtfs-rt = GTFS-Realtime
kind-gtfs-timetable = GTFS timetable
kind-replay = Replay of a recording
licence = Terms of use
last-error = Last error
dead-letters = Rejected records
dead-letters-hint = A bad record never stops its source. You can correct it and replay it, or drop it.
no-dead-letters = No record has been rejected.
more-dead-letters = { $count } more; settle the ones above to see them.
letter-arrived = Received at { $when }
record = Record
correct-and-replay = Correct and replay
drop-record = Drop the record
letter-replayed = The record was corrected and accepted.
letter-dropped = The record was dropped.
letter-skipped = this source takes no interest in such a record
letter-later = the system cannot handle it now; try again in a few minutes
letter-refused = The record is still not accepted. The reason: { $reason }. What you wrote is kept below.
data-terms = Origin and terms of the data

## Around me
around = Around me
around-title = Around me
around-question = Where are you?
around-lead = See weather, rain, water levels and transport around a place.
around-place = Place
around-place-hint = For example: Thuận Hóa ward, Kim Long, Trường Tiền bridge
around-show = Show what is around
around-use-location = Use my location
around-locating = Finding your location…
around-locate-failed = Your location could not be found. You can type the name of a place.
around-not-found-title = Place not found
around-not-found = There is no place named “{ $place }” in { $province }. Try the name of a commune, a ward or a landmark near it.
around-which = Which place do you mean?
around-suggestions = Or choose a place
around-another-place = See another place
around-of = Around { $place }
around-in = In { $commune }
around-outside = This point lies outside the communes known to the system.
around-distance-m = { $n } m away
around-distance-km = { $n } km away
around-nothing = There is nothing near here.
around-chart = { $measure } in the last 24 hours
around-footer = Values come from the stations and sources named beside each of them.
see-on-map = See on the operations map
where-data-come-from = Where do the data come from?

## Errors
error-not-found = Page not found
error-not-found-text = There is no page at this address. It may have moved or been mistyped.
error-entity-not-found = Entity not found
error-entity-not-found-text = This entity is not, or no longer, in the system.
error-bad-request = The request is not right
error-bad-request-text = Something in the address or in what was sent is not right. Nothing was changed.
error-denied = Not allowed
error-denied-text = This needs the right to write. Nothing was changed.
error-other-site = The request came from another site
error-other-site-text = Your browser sent this from a page that is not ours, so it was refused. Nothing was changed. Open our page and do it again there.
error-too-many = Too many requests
error-too-many-text = You, or others in the network that you use, have asked for very much in a short time. Wait a few seconds, then load the page again.
error-busy = The system is busy
error-busy-text = There are too many requests at once. Try again in a few minutes.
error-internal = Something went wrong
error-internal-text = The error was recorded. Try to load the page again in a few minutes.
to-start = To the start page

## Accounts
sign-in = Sign in
sign-in-lead = Officials and citizens sign in on the same page. Open data needs no signing in.
sign-in-second = Second factor
sign-in-name = E-mail address or telephone number
sign-in-password = Password
sign-in-code = One-time code
sign-in-code-hint = Six digits from your code app, or one recovery code.
sign-in-recovery-hint = This account has no code app: type one of its recovery codes.
sign-in-go-on = Go on
sign-in-set-up = There is no account yet. Make the first administrator
sign-out = Sign out
set-up = Make the first administrator
set-up-lead = The set-up code is printed where the program was started; it is good once, within 24 hours.
set-up-code = Set-up code
set-up-name = Name
set-up-email = E-mail address
set-up-make = Make the account
password-hint = 12 to 200 characters; a sentence that is easy to remember is better than a word that is not.
my-account = My account
account-addresses = Addresses
account-roles = Roles here
account-no-roles = No role in this province
account-second = Second factor
account-second-has = This account has a code app.
account-second-none = None yet. Administration and sensitive data need a second factor.
account-second-lately = Shown within the last 10 minutes
account-set-code = Set up a code app
account-offer-lead = Add this secret to a code app (TOTP), then type the code that it shows.
account-offer-open = Open in a code app
account-offer-secret = Secret
account-confirm-code = Confirm the code
account-recovery = Recovery codes
account-recovery-lead = Shown this once. Print and keep them: each stands in for the code app once.
account-step-up = Confirm who you are
account-step-up-lead = Sensitive acts need the password and a code typed within the last 10 minutes.
account-password = Change the password
account-password-old = Present password
account-password-new = New password
account-sessions = Sessions
account-session-device = Device
account-session-means = Signed in by
account-session-begun = Begun
account-session-seen = Last used
account-session-this = This session
account-session-end = End
account-sessions-end = End all other sessions
means-password = Password
means-code = Password and code
means-passkey = Passkey
means-provider = Identity provider
means-link = One-time code or link
account-session-ended = The session has ended.
account-others-ended = All other sessions have ended.
account-password-set = The password was changed; all other sessions have ended.
account-stepped-up = Confirmed.
account-code-set = The code app is set up.
account-refused = The name or the password is not right.
account-wrong-code = The code is not right, or was used already.
account-too-soon = Too many attempts. Try again after { $when }.
account-busy = Many people are signing in. Try again in some seconds.
account-expired = This took too long or was done already. Begin again.
account-not-signed-in = The session has ended. Sign in again.
account-step-up-needed = This needs your code again, from within the last 10 minutes.
account-confirm-needed = This needs your password again, from within the last 10 minutes.
account-taken = Another account has this address or number.
account-not-active = The account is locked or closed. Ask an administrator.
account-not-an-address = Write an e-mail address (name@province.gov.vn) or a telephone number (0905 123 456).
account-name-misfit = A name has 1 to 200 characters on one line.
account-password-short = A password needs at least 12 characters.
account-password-long = A password has at most 200 characters.
account-password-common = This password is common: whoever guesses tries it first. Choose another.
account-password-personal = A password may not contain your name or address.
account-no-such = There is none, or no longer.
account-too-many = There are already as many as are kept.
account-failed = Something broke on our side. The log says why; try again later.
