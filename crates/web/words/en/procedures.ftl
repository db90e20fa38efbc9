## List of administrative procedures
nav-procedures = Procedures
procedures = Administrative procedures
procedures-look-up = Look up administrative procedures
procedures-lead = { $count } procedures of the national list: who may ask, where to file, how long it takes, what it costs, what to bring.
procedures-words = What do you need to do?
procedures-words-hint = Type a few Vietnamese words, with or without accents, or a code. For example: khai sinh, dang ky ket hon, 1.001193.
procedures-narrow = Narrow by event, applicant, level, field, agency
procedures-find = Find procedures
procedures-event = Life event
procedures-any-event = Any event
procedures-who = Who files
procedures-anybody = Anybody
procedures-level = Settled at
procedures-any-level = Any level
procedures-field = Field
procedures-any-field = Any field
procedures-agency = Agency
procedures-any-agency = Any agency
procedures-events = By life event
procedures-count = { $count ->
    [one] one procedure
   *[other] { $count } procedures
}
procedures-found = { $count ->
    [one] One procedure found
   *[other] { $count } procedures found
}
procedures-all = All procedures
procedures-partly = No procedure has all of these words. These have most of them.
procedures-online = Online
procedures-none-yet = The list is being brought in, or there is none yet. Please come back in a few minutes.
procedures-nothing = No procedure fits. Try fewer words, or take away a filter.
procedures-start-anew = See all procedures again
procedure-level-commune = Commune
procedure-level-province = Province
procedure-level-ministry = Ministry
procedure-level-other = Another agency
procedure-for-person = Persons
procedure-for-enterprise = Enterprises, cooperatives
procedure-for-organisation = Other organisations
procedure-way-counter = At the counter
procedure-way-online = Online
procedure-way-post = By post
procedure-time-from = From { $time }
procedure-working-days = { $count ->
    [one] one working day
   *[other] { $count } working days
}
procedure-days = { $count ->
    [one] one day
   *[other] { $count } days
}
procedure-hours = { $count ->
    [one] one hour
   *[other] { $count } hours
}
procedure-months = { $count ->
    [one] one month
   *[other] { $count } months
}
procedure-free = No fee
procedure-dong = { $amount } đồng
procedure-code = Code { $code }
procedure-first = What to know first
procedure-who = Who may ask
procedure-where = Where to file
procedure-how-long = How long it takes
procedure-how-much = What it costs
procedure-bring = What to bring
procedure-get = What you get
procedure-not-told = The list does not say.
procedure-documents = Documents
procedure-originals = { $count ->
    [one] one original
   *[other] { $count } originals
}
procedure-copies = { $count ->
    [one] one copy
   *[other] { $count } copies
}
procedure-originals-copies = originals: { $originals }, copies: { $copies }
procedure-form = Form:
procedure-steps = Steps
procedure-ways = Ways to file
procedure-remark = Remark
procedure-conditions = Conditions
procedure-agencies = Agencies
procedure-done-by = Done by
procedure-decided-by = Decided by
procedure-delegated = Decided in their place by
procedure-taking-part = Taking part
procedure-kind = Kind of procedure
procedure-results = Results
procedure-legal-basis = Legal basis
procedure-more = More
procedure-description = Description
procedure-keywords = Keywords
procedure-related = Related procedures
procedure-editions = Editions kept ({ $count })
procedure-editions-text = When a procedure changes, a new edition is added and the old one stays. A dossier ends under the edition it began with.
procedure-edition = Decision { $decision }, list taken on { $taken }.
procedure-valid-from = In force from { $day }.
procedure-superseded = Superseded on { $day }.
procedure-present = Present
procedure-doubts = What could not be read with certainty
procedure-doubt-documents = The list of documents could not be cut everywhere; what is left is shown as it stands.
procedure-doubt-forms = Names of some forms run into names of documents.
procedure-doubt-channels = Some ways to file could not be told from descriptions.
procedure-doubt-time = The list gives a time limit without its unit; it is taken as working days.
procedure-doubt-fee = A fee cannot be what is meant and is left out; see the remark beside it.
procedure-doubt-results = The results could not be told apart everywhere.
procedure-doubt-acts = The acts could not be told apart everywhere.
procedure-doubt-level = The level was concluded from the names of the agencies.
procedure-taken = By decision { $decision }; national list taken on { $taken }.
procedure-on-portal = See it on the National Public Service Portal
