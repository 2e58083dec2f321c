//! Spreadsheets in constant memory: reading .xlsx and .csv, writing .xlsx.
