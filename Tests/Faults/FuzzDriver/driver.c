// The function is the linker's to find; see include/driver.h.
