## Forms
forms-title = Forms
forms-lead = Look at the forms of procedures and try them out. What is tried is neither kept nor sent to any office.
forms-none = This province has no forms yet.
form-try-text = This page is for trying: nothing is kept or sent. “Check” tells what is missing or wrong.
form-try-done = The form is complete, and nothing is wrong
form-try-done-text = Below is what you wrote. Since this page is for trying, nothing was kept or sent.
form-try-again = Change it and try again
form-check = Check
form-steps = Parts of the form
form-faults = { $count ->
    [one] There is one thing to look at again
   *[other] There are { $count } things to look at again
}
form-doubts = Something should be looked at again before filing
form-doubt = a doubt; it can be filed all the same
form-optional = (optional)
form-help = More about this
form-choose = Choose from the list
form-province-first = Choose the province first
form-communes = Show the list of communes
form-refresh = Update the form
form-refresh-hint = Some questions appear only after certain answers. This button shows them and works out the numbers anew.
form-row-add = Add another { $row }
form-row-remove = Remove { $row }
form-rows-full = There are as many rows as there may be.
form-files-bound = At most { $count } files, each of at most { $size }
form-camera = Take a picture
form-yes = Yes
form-no = No
form-units-now = At present
form-units-before = Formerly
form-unit-until = { $name } (until { $day })
form-mark-account = From your account. Please check; it can be changed.
form-mark-graph = From data of the province. Please check; it can be changed.
form-mark-dossier = From dossier { $number }. Please check; it can be changed.
