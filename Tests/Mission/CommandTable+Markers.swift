// Markers: calls in, events out (how to read it: `CommandTests`).

let markerTable = ##"""
    ## a marker
    :MARKER:CREATE: | "m1" | 0 | "mil_objective" | "Obj ""A""" | 12 | -1 | 0 | "#004C99" | [1,1] | "WEST" | [2100.5,3050,10] | "ICON" | 1 | "Solid"
    = marker 1 frame 12 ‹m1› 0 ‹mil_objective› ‹Obj "A"› 0 ‹#004C99› ‹[1,1]› ‹WEST› (2100.5,3050,10) ‹ICON› 1 ‹Solid›
    ~ marker 1 frame 12 ‹m1› 0 ‹mil_objective› ‹Obj "A› 0 ‹#004C99› ‹[1,1]› ‹WEST› (2100.5,3050,10) ‹ICON› 1 ‹Solid›

    ## a marker of the system, no direction, odd owner, odd alpha
    :MARKER:CREATE: | "s" | 12.5 | "hd_warning" | "" | 0 | -1 | -1 | "#D86600" | [1,1] | -1 | [1,2,3] | "ICON" | 1 | "Solid"
    :MARKER:CREATE: | "t" | nan | "hd_warning" | "" | 0 | -1 | abc | "ColorRed" | [1,1] | "EAST" | "1,2" | "ELLIPSE" | abc | "Grid"
    :MARKER:CREATE: | "u" | x | "hd_warning" | "" | 0 | -1 | 3.00 | "ColorRed" | [1,1] | "EAST" | "1,2" | "ELLIPSE" | 1 | "Grid"
    :MARKER:CREATE: | "v" | 0 | "hd_warning" | "" | 0 | -1 | 3.00 | "ColorRed" | [1,1] | "EAST" | "1,2" | "ELLIPSE" | 1 | "Grid"
    = marker 1 frame 0 ‹s› 12.5 ‹hd_warning› ‹› -1 ‹#D86600› ‹[1,1]› ‹-1› (1,2,3) ‹ICON› 1 ‹Solid›
    = marker 2 frame 0 ‹t› 0 ‹hd_warning› ‹› -1 ‹ColorRed› ‹[1,1]› ‹EAST› (1,2,0) ‹ELLIPSE› 1 ‹Grid›
    = marker 3 frame 0 ‹v› 0 ‹hd_warning› ‹› 3 ‹ColorRed› ‹[1,1]› ‹EAST› (1,2,0) ‹ELLIPSE› 1 ‹Grid›
    = ! 4 :MARKER:CREATE: argument 1 (direction) is no number
    ~ marker 1 frame 0 ‹s› 12.5 ‹hd_warning› ‹› -1 ‹#D86600› ‹[1,1]› ‹-1› (1,2,3) ‹ICON› 1 ‹Solid›
    ~ marker 2 frame 0 ‹t› 0 ‹hd_warning› ‹› -1 ‹ColorRed› ‹[1,1]› ‹EAST› (1,2,0) ‹ELLIPSE› 1 ‹Grid›
    ~ marker 3 frame 0 ‹v› 0 ‹hd_warning› ‹› -1 ‹ColorRed› ‹[1,1]› ‹EAST› (1,2,0) ‹ELLIPSE› 1 ‹Grid›
    ~ ! 4 :MARKER:CREATE: argument 1 (direction) is no number

    ## a polyline, and lines that are none
    :MARKER:CREATE: | "p" | 0 | "mil_dot" | "" | 2 | -1 | 0 | "#000000" | [1,1] | "WEST" | [[2000,3000],[2010.5,nan],[2030,3025,7]] | "POLYLINE" | 1 | "Solid"
    :MARKER:CREATE: | "q" | 0 | "mil_dot" | "" | 2 | -1 | 0 | "#000000" | [1,1] | "WEST" | [[2000,3000]] | "POLYLINE" | 1 | "Solid"
    :MARKER:CREATE: | "q" | 0 | "mil_dot" | "" | 2 | -1 | 0 | "#000000" | [1,1] | "WEST" | [[2000,3000],[1]] | "POLYLINE" | 1 | "Solid"
    :MARKER:CREATE: | "q" | 0 | "mil_dot" | "" | 2 | -1 | 0 | "#000000" | [1,1] | "WEST" | [1,2,3] | "POLYLINE" | 1 | "Solid"
    = marker 1 frame 2 ‹p› 0 ‹mil_dot› ‹› 0 ‹#000000› ‹[1,1]› ‹WEST› (2000,3000,0) point (2000,3000,0) point (2010.5,3000,0) point (2030,3025,0) ‹POLYLINE› 1 ‹Solid›
    = ! 3 :MARKER:CREATE: argument 10 (position) is no line of two or more points
    = ! 4 :MARKER:CREATE: argument 10 (position) is no line of two or more points
    = ! 5 :MARKER:CREATE: argument 10 (position) is no line of two or more points
    ~ ! 2 :MARKER:CREATE: argument 10 (position) is no line of two or more points
    ~ ! 3 :MARKER:CREATE: argument 10 (position) is no line of two or more points
    ~ ! 4 :MARKER:CREATE: argument 10 (position) is no line of two or more points
    ~ ! 5 :MARKER:CREATE: argument 10 (position) is no line of two or more points

    ## a marker's states, new and old, and its end
    :MARKER:CREATE: | "m1" | 0 | "mil_objective" | "Obj ""A""" | 12 | -1 | 0 | "#004C99" | [1,1] | "WEST" | [2100.5,3050,10] | "ICON" | 1 | "Solid"
    :MARKER:STATE: | "m1" | 517 | [2110,3055,10] | 45 | 0.5 | "Obj done" | "#00FF00" | "[1.5,1.5]" | "mil_objective" | "Solid" | "ICON"
    :MARKER:STATE: | "m1" | 518 | [nan,3056,10] | x | x
    :MARKER:DELETE: | "m1" | 520
    :MARKER:STATE: | "m1" | 521 | [1,2,3] | 1 | 1 | "" | "" | "" | "" | "" | ""
    :MARKER:DELETE: | "nobody" | 520
    :MARKER:STATE: | "m1" | 521 | [1,2,3]
    = marker 1 frame 12 ‹m1› 0 ‹mil_objective› ‹Obj "A"› 0 ‹#004C99› ‹[1,1]› ‹WEST› (2100.5,3050,10) ‹ICON› 1 ‹Solid›
    = markerState 1 frame 517 (2110,3055,10) 45 0.5 ‹Obj done› ‹#00FF00› ‹[1.5,1.5]› ‹mil_objective› ‹Solid› ‹ICON›
    = markerState 1 frame 518 (2110,3056,10) 0 1 ‹Obj done› ‹#00FF00› ‹[1.5,1.5]› ‹mil_objective› ‹Solid› ‹ICON›
    = markerDeleted 1 520
    = markerState 1 frame 521 (1,2,3) 1 1 ‹› ‹› ‹› ‹› ‹› ‹›
    = ! 7 :MARKER:DELETE: no marker of this recording has that name
    = ! 8 :MARKER:STATE: 3 argument(s) came, 5 are needed
    ~ marker 1 frame 12 ‹m1› 0 ‹mil_objective› ‹Obj "A› 0 ‹#004C99› ‹[1,1]› ‹WEST› (2100.5,3050,10) ‹ICON› 1 ‹Solid›
    ~ markerState 1 frame 517 (2110,3055,10) 45 0.5 ‹Obj done› ‹#00FF00› ‹[1.5,1.5]› ‹mil_objective› ‹Solid› ‹ICON›
    ~ markerDeleted 1 520
    ~ markerState 1 frame 521 (1,2,3) 1 1 ‹› ‹› ‹› ‹› ‹› ‹›
    ~ ! 4 :MARKER:STATE: 5 argument(s) came, 11 are needed
    ~ ! 7 :MARKER:DELETE: no marker of this recording has that name
    ~ ! 8 :MARKER:STATE: 3 argument(s) came, 11 are needed

    ## a name used again is a new marker
    :MARKER:CREATE: | "m1" | 0 | "mil_objective" | "Obj ""A""" | 12 | -1 | 0 | "#004C99" | [1,1] | "WEST" | [2100.5,3050,10] | "ICON" | 1 | "Solid"
    :MARKER:CREATE: | "m1" | 0 | "mil_objective" | "Obj ""A""" | 12 | -1 | 0 | "#004C99" | [1,1] | "WEST" | [2100.5,3050,10] | "ICON" | 1 | "Solid"
    :MARKER:STATE: | "m1" | 517 | [1,2,3] | 0 | 1 | "" | "" | "" | "" | "" | ""
    :MARKER:DELETE: | "m1" | 600
    = marker 1 frame 12 ‹m1› 0 ‹mil_objective› ‹Obj "A"› 0 ‹#004C99› ‹[1,1]› ‹WEST› (2100.5,3050,10) ‹ICON› 1 ‹Solid›
    = marker 2 frame 12 ‹m1› 0 ‹mil_objective› ‹Obj "A"› 0 ‹#004C99› ‹[1,1]› ‹WEST› (2100.5,3050,10) ‹ICON› 1 ‹Solid›
    = markerState 2 frame 517 (1,2,3) 0 1 ‹› ‹› ‹› ‹› ‹› ‹›
    = markerDeleted 2 600
    ~ marker 1 frame 12 ‹m1› 0 ‹mil_objective› ‹Obj "A› 0 ‹#004C99› ‹[1,1]› ‹WEST› (2100.5,3050,10) ‹ICON› 1 ‹Solid›
    ~ marker 2 frame 12 ‹m1› 0 ‹mil_objective› ‹Obj "A› 0 ‹#004C99› ‹[1,1]› ‹WEST› (2100.5,3050,10) ‹ICON› 1 ‹Solid›
    ~ markerState 2 frame 517 (1,2,3) 0 1 ‹› ‹› ‹› ‹› ‹› ‹›
    ~ markerDeleted 2 600

    ## states before the marker wait for it
    :MARKER:STATE: | "m1" | 10 | [1,2,3] | 0 | 1 | "t" | "c" | "[1,1]" | "y" | "b" | "ICON"
    :MARKER:STATE: | "m9" | 10 | [1,2,3] | 0 | 1 | "" | "" | "" | "" | "" | ""
    :MARKER:CREATE: | "m1" | 0 | "mil_objective" | "Obj ""A""" | 12 | -1 | 0 | "#004C99" | [1,1] | "WEST" | [2100.5,3050,10] | "ICON" | 1 | "Solid"
    = marker 1 frame 12 ‹m1› 0 ‹mil_objective› ‹Obj "A"› 0 ‹#004C99› ‹[1,1]› ‹WEST› (2100.5,3050,10) ‹ICON› 1 ‹Solid›
    = markerState 1 frame 10 (1,2,3) 0 1 ‹t› ‹c› ‹[1,1]› ‹y› ‹b› ‹ICON›
    = ! 3 :MARKER:STATE: no marker of this recording has that name
    ~ marker 1 frame 12 ‹m1› 0 ‹mil_objective› ‹Obj "A› 0 ‹#004C99› ‹[1,1]› ‹WEST› (2100.5,3050,10) ‹ICON› 1 ‹Solid›
    ~ ! 2 :MARKER:STATE: no marker of this recording has that name
    ~ ! 3 :MARKER:STATE: no marker of this recording has that name
    """##
