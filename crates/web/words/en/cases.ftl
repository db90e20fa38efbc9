## Dossiers of administrative procedures
nav-work = Dossiers
nav-board = Performance
cases-work = Dossiers to work on
cases-work-lead = { $count ->
    [one] { $count } dossier.
   *[other] { $count } dossiers, what is due first before the rest.
}
cases-work-none = There is nothing to work on.
cases-no-number = No number yet
cases-number = Number
cases-kind = Procedure
cases-all-kinds = All procedures
cases-applicant = Applicant
cases-applicant-number = Identification number
cases-telephone = Telephone
cases-email = E-mail
cases-address = Address
cases-filter-mine = Given to me
cases-filter-late = Late
cases-pick = Pick
cases-batch = With those picked:
cases-batch-do = Do it
cases-batch-nothing = Pick at least one dossier and something to do.
cases-batch-one = { $number }: { $what }
cases-due-at = Due
cases-due = Due { $when }
cases-late-since = Late since { $when }
cases-ended-on-time = On time
cases-ended-late = Late
cases-period-working-days = { $count ->
    [one] { $amount } working day
   *[other] { $amount } working days
}
cases-period-days = { $count ->
    [one] { $amount } day
   *[other] { $amount } days
}
cases-period-working-hours = { $count ->
    [one] { $amount } working hour
   *[other] { $amount } working hours
}
cases-period-hours = { $count ->
    [one] { $amount } hour
   *[other] { $amount } hours
}
cases-period-months = { $count ->
    [one] { $amount } month
   *[other] { $amount } months
}
cases-takes = Time it takes
cases-takes-promised = { $promised } (by law: { $law })
cases-dong = { $amount } đồng
cases-mine = My dossiers
cases-mine-lead = { $count ->
    [one] You have one dossier.
   *[other] You have { $count } dossiers, the latest first.
}
cases-mine-none = You have not filed anything yet.
cases-follow = Follow a dossier
cases-follow-lead = Type the number and the tracking code of your receipt to see where the dossier stands. You need no account.
cases-follow-number-hint = For example: H44.20-260310-0420
cases-follow-wrong = No dossier has this number and this code. Please look at the receipt again.
cases-follow-do = Look it up
cases-secret = Tracking code
cases-secret-hint = 10 letters and digits, below the number of the dossier.
cases-what-now = What can be done
cases-optional = (optional)
cases-choose = Choose…
cases-masked = Personal data and the content of this dossier are masked: you do not handle it.
cases-asked-for = The agency asks for more
cases-facts = About this dossier
cases-channel = Channel
cases-channel-online = Online
cases-channel-counter = At the counter
cases-channel-post = By post
cases-channel-assisted = With somebody's help
cases-channel-offline = Taken in without a connection
cases-channel-case = From another dossier
cases-opened = Filed
cases-received = Received
cases-ended = Ended
cases-receiving = Receiving unit
cases-handling = Handling unit
cases-competent = Competent authority
cases-answers = What the form says
cases-parts = Documents
cases-part-required = required
cases-part-none = Not there
cases-part-original = Original
cases-part-copy = Copy
cases-part-electronic = Electronic
cases-part-reused = From the locker
cases-fees = Fees
cases-results = Results
cases-opinions = Opinions of other agencies
cases-opinion = Opinion of your unit
cases-agree = Does your unit agree?
cases-give-opinion = Give the opinion
cases-task-asked = Waiting, due { $due }
cases-task-agrees = Agrees
cases-task-disagrees = Disagrees
cases-task-over = Not needed any more
cases-steps = What happened
cases-step-open = Filed
cases-step-succeed = Gone to the unit that took over
cases-step-adopt = Moved to another version
cases-step-opinion = Opinion given
cases-step-late = late
cases-board = How administrative procedures go
cases-board-lead = Every number is counted from the steps of the dossiers themselves; nobody types a report.
cases-board-none = There were no dossiers in this span of time.
cases-from-month = From month
cases-to-month = To month
cases-on-time = On time
cases-on-time-hint = Of the dossiers that ended; one of which more was asked twice counts as late (index 2.1, Decision 766/QĐ-TTg)
cases-received-count = Received
cases-received-hint = Dossiers received in this span
cases-ended-count = Ended
cases-online-share = Filed online
cases-online-hint = Of the dossiers received
cases-reuse-share = Documents reused
cases-reuse-hint = Dossiers with a document that nobody had to hand in again
cases-electronic-share = With files
cases-electronic-hint = Dossiers with at least one electronic document
cases-bottlenecks = Where dossiers stand longest
cases-bottlenecks-lead = Working hours that dossiers spent in each state, the most first.
cases-left = Passed through
cases-left-late = Too late
cases-mean-hours = Mean working hours
cases-by-unit = By agency
cases-by-kind = By procedure
cases-by-month = By month
cases-unit = Agency
cases-month = Month
cases-kinds = How procedures go
cases-kinds-lead = Those in use, those to come and those that are over. A dossier ends under the version under which it was received.
cases-version = Version
cases-version-from = Version { $version }, from { $day }
cases-valid-from = From
cases-kind-draft = Draft
cases-kind-open = In use
cases-kind-coming = To come
cases-kind-over = Over
cases-picture = Picture
cases-picture-lead = Each box is a state, each arrow one or more actions. The tables below say the same in words.
cases-states = States
cases-actions = Actions
cases-action = Action
cases-desk = On the desk of
cases-limit = Limit
cases-national = National state
cases-told = What the applicant is told
cases-from-state = While
cases-to-state = Leads to
cases-by-whom = By whom
cases-guard = Condition
cases-basis = Legal basis
cases-error-conflict = Somebody else has just acted on this dossier. Please look at it again.
cases-error-none = There is no such dossier.
cases-error-role = You do not have the role to do this with the dossier.
cases-error-too-many = At most { $most } dossiers at once.
cases-error-text = Type { $least } to { $most } characters.
cases-error-state = This cannot be done while the dossier is “{ $state }”.
cases-error-step-up = This needs a second factor.
cases-error-guard = The dossier does not fulfil the condition for this.
cases-error-asked = { $field }: { $rule }
cases-error-action = There is no such action.
cases-error-supplements = More may be asked { $most } times only.
cases-error-extensions = The answer may be put off { $most } times only, by { $longest } at most.
cases-error-tasks = { $count } opinions that are needed are missing.
cases-error-full = The dossier has too many steps already.
cases-error-backwards = This lies before the last step of the dossier.
cases-error-kind = The procedure has a fault; please tell an administrator.
cases-rule-required = must be filled in
cases-rule-text = { $least } to { $most } characters
cases-rule-choice = choose one of the list
cases-rule-date = today or later
cases-rule-count = a whole number from 1 to { $most }
cases-rule-parts = choose documents of the dossier
cases-rule-name = choose a unit or a person
cases-part = Document
cases-file = File
cases-file-number = File { $number }
cases-file-hint = PDF or a clear picture, 10 MB at most.
cases-attach = Attach a document
cases-attach-do = Attach
cases-filing = File a dossier
cases-file-no-unit = Choose where the dossier is received.
cases-file-who = Who applies
cases-file-name = Full name
cases-file-number-hint = 12 digits on the identity card; leave it empty if there is none yet.
cases-file-where = Received by
cases-file-where-hint = You may file at any commune of the province.
cases-file-parts = Documents
cases-file-parts-hint = A clear picture taken with a telephone will do. You may add more after filing.
cases-paper-none = None
cases-send = File the dossier
cases-take-in = Receive the dossier
cases-filed = Dossier filed
cases-filed-secret = Tracking code: { $secret }
cases-filed-secret-hint = Keep this code. With the number, whoever has it can see where the dossier stands, without an account.
cases-filed-due = The result is due
cases-filed-open = Open the dossier
cases-filed-again = Receive the next one
cases-filed-troubles = These files were not taken; please attach them again on the page of the dossier:
cases-file-online = File online
cases-documents = My documents
cases-documents-lead = What came of the procedures that were settled for you. The next procedure takes it from here; you need not hand it in again.
cases-documents-none = There are no documents yet.
cases-document-valid = Valid
cases-document-until = Valid until { $day }
cases-document-over = No longer valid
cases-reuse = Use the document that is there: { $title }
cases-step-prove = A card was shown to prove an exemption
exemption-title = Prove a lower fee by card
exemption-lead = Applicants with a pilot card in a wallet show it, and the fee is lowered at once. Without a card they say so in the form and officials look it up, as before.
exemption-ask = Ask for the card
exemption-why = Proof of an exemption of fees
exemption-done = The card proves it; the fee was computed anew.
exemption-proved-title = Lowered, as a card proves
exemption-proved = { $amount } đồng less by { $basis }; { $card } no. { $serial }, shown at { $when }
exemption-error-other = The card that was shown does not belong to whoever applies.
exemption-error-nothing = This card says nothing by which the fee of this procedure is lower.
exemption-error-none = A card takes nothing off the fees of this dossier any more: they were paid, it has ended, or it is free.
