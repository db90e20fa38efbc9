## Notices to applicants
notices = Notices to applicants
notices-lead = Applicants are told when a dossier is received, needs more, is extended or is settled. What could not be sent is tried again, for three days at most.
notices-ways = Ways
notices-no-way = There is no way of sending yet. Notices are kept, and are sent once the administrator of the system has configured a way (section notices).
notices-way-email = E-mail
notices-way-sms = Text messages
notices-way-zalo = Zalo
notices-way-sent = Works; something was last sent on { $at }
notices-way-none = Nothing has been sent since the start
notices-way-down = Has not worked since { $at }; it is tried again
notices-waiting = Waiting to be sent
notices-failed = Could not be sent
notices-sent = this month
notices-sent-by = Sent: { $way }
notices-unreached = Applicants who gave no address
notices-untold = Notices that could not be sent
notices-untold-none = There are none in the dossiers that you may see.
notices-untold-here = The applicant could not be told
notices-reason = { $way }: the other side answered “{ $why }”
notices-again = Send again
notices-again-of = Send again: { $subject }
notices-again-done = The notice will be sent again at once.
notices-sign-down = { $way }: nothing can be sent
notices-sign-failed = { $count ->
    [one] one notice could not be sent
   *[other] { $count } notices could not be sent
}
