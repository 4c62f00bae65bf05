throw new Error("The library is not there");
