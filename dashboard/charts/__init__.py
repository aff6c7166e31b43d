"""Frame to figure, and frame to sentence. No Streamlit."""
