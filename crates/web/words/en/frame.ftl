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
