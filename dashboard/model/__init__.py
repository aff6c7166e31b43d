"""Pure: frames in, frames out. No Streamlit, no Plotly, no store."""
