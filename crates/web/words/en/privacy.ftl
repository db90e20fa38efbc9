## My data
privacy-my-data = My data
privacy-lead = What is kept of you, who has seen it, what you agreed to, and what you may ask for.
privacy-account-hint = See what is kept of you and who has seen it, and ask for something about your personal data.
privacy-open-my-data = See my data
privacy-to-desk = Open the requests that are to be settled
privacy-whose = You are looking at the data of
privacy-oneself = Me
privacy-unsure = Nobody has confirmed the e-mail address or telephone number of this account yet, so nothing about you can be shown here. Confirm the address on the account page, or bring your identity card to the counter of the public administration service centre.
privacy-nobody = This account is not tied to anybody in the system yet
privacy-nobody-text = To see what the administration keeps of you, bring your identity card to the counter of the public administration service centre, where an official ties the account to you. Until then you can make requests about this account.
privacy-requests = My requests
privacy-no-requests = You have made no request yet.
privacy-requests-more = There are { $count } requests in all; these are the latest.
privacy-number-short = No. { $number }
privacy-new-request = Make a request
privacy-who-looked = Who has seen my data
privacy-who-changed = Who has changed my data
privacy-nobody-looked = Nobody else has unmasked this data or taken it out.
privacy-nothing-changed = No change was found in the part of the record that was searched. There may be older ones.
privacy-all-looks = See all
privacy-looked-lead = Whenever somebody unmasks personal data or takes it out, it is recorded before the data is shown. Roles and units are those of that time.
privacy-changed-lead = When your data was created, changed or deleted, the latest first. The record is searched backwards, part by part.
privacy-show-mine = Show my own looks too
privacy-hide-mine = Hide my own looks
privacy-older = Search further back
privacy-look-purpose = Purpose: { $purpose }.
privacy-look-reason = Reason: { $reason }
privacy-who-oneself = You
privacy-who-program = A program of the system
privacy-who-anonymous = Somebody who was not signed in
privacy-who-account = An account of the system
privacy-who-official = { $roles }
privacy-act-reveal = Saw it unmasked
privacy-act-export = Took it out
privacy-act-consent = Recorded a consent
privacy-act-request = Settled a request
privacy-act-forward = Forwarded to another source
privacy-act-history = Added to, corrected or deleted the history
privacy-act-erasure = Erased data
privacy-act-created = Created
privacy-act-updated = Changed
privacy-act-deleted = Deleted
privacy-act-other = Something else
purpose-operations = Operations
purpose-public-information = Public information
purpose-maintenance = Maintenance of the system
purpose-case-handling = Handling of cases
purpose-emergency = Emergency
purpose-inspection = Inspection
purpose-statistics = Statistics
purpose-own-data = Looking at one’s own data
privacy-consents = Consents
privacy-consents-lead = Only these uses need your consent. No service is refused if you do not agree, and you can take it back at any time.
privacy-consent-none = Not agreed
privacy-consent-since = Agreed, { $when }
privacy-consent-withdrawn = Taken back, { $when }
privacy-consent-old-text = Agreed to an older text, which no longer counts
privacy-consent-give = I agree
privacy-consent-take-back = Take the consent back
privacy-consent-done = Your consent is recorded. You can take it back at any time.
privacy-consent-taken-back = Taken back. The data is no longer used for this.
privacy-consent-details = Who uses which data, under which rules
privacy-controller = Who answers for it
privacy-data-used = Data used
privacy-recipients = Who gets it
privacy-legal = Legal basis
privacy-text-version = Version of the text
privacy-receipt = Receipt of the consent
privacy-receipt-no-text = The text that was agreed to is no longer kept here as it was then. The SHA-256 below tells which text it was.
privacy-receipt-save = Save the receipt (JSON)
privacy-given-at = Agreed at
privacy-given-how = How
privacy-text-digest = SHA-256 of the text
privacy-how-page = On this site
privacy-how-counter = At a counter
privacy-how-api = Through the API
privacy-kept = What is kept
privacy-account = Account
privacy-account-kept = { $addresses }. The account exists since { $since }; its details and sessions are on the account page.
privacy-person = Personal details
privacy-no-person = No personal details are kept under this name.
privacy-group = { $title }: { $count }
privacy-group-all = All ({ $title })
privacy-more-kept = There is more than can be listed here. Ask for a copy to get all of it.
privacy-kept-count = { $count } { $count ->
    [one] item
   *[other] items
  } about you.
privacy-export-hint = The file holds everything on this page in a form that programs read. That it was taken is recorded.
privacy-export = Download the data (JSON)
privacy-new-lead = You are told within 2 working days that your request has arrived, and answered within the time given below. It is free of charge.
privacy-kind = What do you ask for?
privacy-kind-access = To know what is kept
privacy-kind-copy = A copy of the data
privacy-kind-correct = Correction of wrong data
privacy-kind-erase = Erasure of data
privacy-kind-restrict = Restriction of processing
privacy-kind-lift = Restriction lifted
privacy-kind-object = To object to a use
privacy-kind-withdraw = To take back every consent
privacy-hint-access = To be told which data is kept, for what, and who has received it.
privacy-hint-copy = To be given a copy in a form that programs read.
privacy-hint-correct = Say what is wrong and how it should be.
privacy-hint-erase = What the law obliges to keep cannot be erased yet; the answer will say so.
privacy-hint-restrict = The data is kept, but nobody else can see it until this is decided otherwise.
privacy-hint-lift = Data whose processing is restricted is seen and used again as before.
privacy-hint-object = Say which use you object to, and why.
privacy-hint-withdraw = You can also take back each consent yourself on the page before.
privacy-answer-until = Made today, it is answered by { $day }.
privacy-about-whom = Whose data it is about
privacy-account-alone = This account alone
privacy-account-alone-text = This request is about your account itself, since it is not tied to anybody who was confirmed.
privacy-asked = What is asked
privacy-text = What you ask
privacy-text-hint = 5 to 4,000 characters. There is no need for numbers of identity cards.
privacy-send = Send the request
privacy-request-number = Request No. { $number }
privacy-request-dropped = You have taken the request back.
privacy-received = Received
privacy-acknowledge-by = To be acknowledged by
privacy-answer-by = To be answered by
privacy-with-others = (third parties must act)
privacy-extension = Why it was put off
privacy-answer = Answer
privacy-see-change = See what was corrected
privacy-steps = Steps
privacy-drop = Take the request back
privacy-by-requester = requester
privacy-by-officer = data protection officer
privacy-state-received = Sent, to be acknowledged
privacy-state-acknowledged = Being settled
privacy-state-extended = Put off
privacy-state-done = Settled
privacy-state-refused = Refused
privacy-state-withdrawn = Taken back
privacy-step-file = Request made
privacy-step-acknowledge = Arrival acknowledged
privacy-step-extend = Answer put off
privacy-step-complete = Settled
privacy-step-refuse = Refused
privacy-step-withdraw = Taken back
privacy-due-acknowledge = To be acknowledged by { $day }, { $n } working { $n ->
    [one] day
   *[other] days
  } left
privacy-due-answer = To be answered by { $day }, { $n } working { $n ->
    [one] day
   *[other] days
  } left
privacy-due-acknowledge-over = Should have been acknowledged by { $day }, { $n } working { $n ->
    [one] day
   *[other] days
  } ago
privacy-due-answer-over = Should have been answered by { $day }, { $n } working { $n ->
    [one] day
   *[other] days
  } ago
## The desk of data protection officers
privacy-desk = Requests about personal data
privacy-open-lead = { $count } { $count ->
    [one] request is
   *[other] requests are
  } to be settled; what is due first stands first.
privacy-closed-lead = { $count } { $count ->
    [one] request has
   *[other] requests have
  } ended.
privacy-show-open = To be settled
privacy-show-closed = Ended
privacy-none-open = There is nothing to be settled.
privacy-none-closed = No request has ended yet.
privacy-number = Number
privacy-kind-short = Request
privacy-due = Next step
privacy-deadlines-unsure = Deadlines are those of law 91/2025/QH15 and decree 356/2025/NĐ-CP as commentaries give them; where they leave room, the shorter one is taken.
privacy-do-acknowledge = Acknowledge
privacy-others = Processors or third parties must act (leaves more time for the answer)
privacy-do-complete = Settle
privacy-answer-hint = The requester reads it. 5 to 4,000 characters.
privacy-changed = What was corrected
privacy-changed-hint = The identifier (urn:…) of the entity that was corrected, if there is one.
privacy-do-extend = Put the answer off
privacy-days = By how many days
privacy-days-hint = Once, by at most { $most } days.
privacy-do-refuse = Refuse
privacy-reason = Reason (the requester reads it)
privacy-step-taken = Recorded. The requester sees it on their page at once.
privacy-effect-restrict = With this button the data of the person named is hidden from everybody but themselves and data protection officers.
privacy-effect-lift = With this button the data of the person named is restricted no more: whoever has the right sees and uses it again as before. The answer below is recorded as the reason.
privacy-effect-withdraw = With this button every consent of the person named is taken back.
privacy-effect-export = With this button the requester can download a copy of the data from the page of the request.
privacy-effect-erase = With this button what is kept of the person named is erased for good, except what the law obliges to keep. It cannot be brought back.
privacy-not-erased = Not erased
privacy-not-erased-until = { $count } { $count ->
    [one] item
   *[other] items
  }, kept until { $day }
privacy-not-erased-count = { $count } { $count ->
    [one] item
   *[other] items
  }
privacy-error-text = What you ask needs { $least } to { $most } characters. What you wrote is still below.
privacy-error-reason = A reason or answer needs { $least } to { $most } characters. What was written is still below.
privacy-error-days = An answer can be put off by 1 to { $most } days.
privacy-error-kind = Choose what you ask for.
privacy-error-no-subject = This request needs a person in the system whom it is about, and your account is tied to none.
privacy-error-not-restricted = The data of this person is not restricted, so there is nothing to lift.
privacy-error-not-yours = This account does not speak for that person, or its address is not confirmed.
privacy-error-text-changed = The text has changed since you read it. Read it again before you agree; nothing was recorded.
privacy-error-step = This step cannot be taken as things stand. Nothing was changed.
privacy-error-conflict = Somebody has just changed this request. Read it again, then go on; nothing was changed.
privacy-error-too-many = There are already { $most }, the most at once. Wait, or take one back.
privacy-error-step-up = This needs your code again, from within the last 10 minutes, on the account page.
privacy-error-own-request = This is your own request. Another officer must settle it.
privacy-error-changed = The identifier of what was corrected is not one: it begins with urn:. Nothing was changed.
## Revealing
reveal = See what is masked
reveal-lead = The data is masked to protect the person named. Each look is recorded before anything is shown, and that person can read who looked, when and why.
reveal-shut = A purpose is needed
reveal-shut-text = This can be seen for a certain purpose only.
reveal-purpose = Purpose
reveal-reason = Reason
reveal-reason-hint = 5 to 500 characters, for example the number of the dossier.
reveal-show = See once
reveal-reason-needed = Give a reason of { $least } to { $most } characters: it is kept, and the person named can read it.
reveal-shown = The data is shown unmasked for this purpose: { $purpose }. This look was recorded.
privacy-files = Attached files
privacy-file = Attach a file
privacy-file-hint = A picture, PDF, document, spreadsheet or slides, at most 10 MiB. Pictures are written anew, without the place and device they were taken with. Files are sealed; each opening is recorded.
privacy-file-attach = Attach
privacy-file-attached = The file is attached.
privacy-file-missing = No file arrived. Choose one and send it again.
privacy-error-closed = This request is over: nothing more can be attached.
privacy-error-too-many-files = A request has at most { $most } files.
